"""Living pictures of large networks: few bytes, and every number as PyTorch prints it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from tests.node import Module
from tests.test_living import Parsed
from tinynet import Run, Settings, table, to_html, train
from tinynet.export.living_page import MOST_BYTES
from tinynet.export.rounding import MOST_EDGES, rounded
from tinynet.stage.assets import SCRIPTS
from tinynet.training.film import film

LARGE = Settings((64,) * 6, 0.01, 24, data="spiral", rows=1000, activation="tanh")


@pytest.fixture(scope="module")
def large() -> Run:
    """A run of the largest network."""
    return train(LARGE)


def sent(run: Run, module: Module) -> tuple[dict[str, Any], np.ndarray]:
    """Return the facts of a living picture, and its states as the browser restores them."""
    packed = Parsed(to_html(run, include_plotlyjs="cdn")).packed("film")
    message = bytes(
        module.evaluate("(bytes) => [...pure.restored(Uint8Array.from(bytes))]", [*packed])
    )
    start = 4 + int.from_bytes(message[:4], "little")
    facts = json.loads(message[4:start])
    numbers = np.frombuffer(message[start:], "<f4")[: facts["fieldStart"]]
    return facts, numbers.reshape(len(facts["epochs"]), -1)


def printed(numbers: np.ndarray) -> list[str]:
    """Return numbers with four decimals, or one digit if they are tiny."""
    return [f"{x:.0e}" if x and abs(x) < 0.00005 else f"{x:.4f}" for x in numbers.tolist()]


@pytest.mark.slow
def test_the_largest_network_stays_below_the_bound(large: Run) -> None:
    assert len(to_html(large, include_plotlyjs="cdn").encode()) <= MOST_BYTES


@pytest.mark.slow
def test_a_wide_table_stays_below_the_bound(tmp_path: Path) -> None:
    draws = np.random.default_rng(0).standard_normal((1200, 100)).round(4)
    pd.DataFrame(draws, columns=[f"c{each}" for each in range(100)]).to_csv(tmp_path / "wide.csv")
    data = table(tmp_path / "wide.csv", target="c0", task="regression")
    run = train(Settings((5,), 0.01, 50, data=data, test_share=0.4))

    assert len(to_html(run, include_plotlyjs="cdn").encode()) <= MOST_BYTES


@pytest.mark.slow
def test_its_numbers_print_as_those_of_pytorch_at_each_kept_epoch(
    large: Run, module: Module
) -> None:
    facts, states = sent(large, module)
    assert facts["epochs"][0] == 0
    assert facts["epochs"][-1] == 24
    for epoch, state in zip(facts["epochs"], states, strict=True):
        flat = large.checkpoints.flat_parameters[[*large.checkpoints.epochs].index(epoch)]
        own = torch.from_numpy(state[1 : 1 + len(flat)].copy())
        start = 0
        for inputs, units in zip(facts["widths"], facts["widths"][1:], strict=False):
            weights = np.argsort(np.abs(flat[start : start + inputs * units]))[-50:] + start
            start += inputs * units
            for shown in (weights, np.arange(start, start + units)):
                assert printed(own[shown].numpy()) == printed(flat[shown])
            start += units
        torch.testing.assert_close(own, torch.tensor(flat), rtol=0.005, atol=0.0001)


def test_a_rounded_number_prints_the_same() -> None:
    generator = np.random.default_rng(1)
    numbers = generator.standard_normal(20_000) * 10.0 ** generator.integers(-9, 2, 20_000)
    special = [0, -0.0, np.nan, np.inf, -np.inf, 0.00005, 1 / 32, 3 / 32, 0.00015, 1e30, 1e-40]
    flat = np.array([[*numbers, *special]], np.float32)
    reel = film(train(Settings((3,), epochs=1))).every(9)
    parts = {**vars(reel), "parameters": flat, "gradients": flat, "hidden": flat}
    made = rounded(type(reel)(**parts), (flat.size - 1, 1)).hidden

    assert printed(made[0]) == printed(flat[0])
    ends = np.unpackbits(made.view(np.uint8).reshape(-1, 4)[:, :1])
    assert ends.mean() < 0.05  # the last bits are nearly all 0, which compresses well


def test_the_drawn_weights_are_those_of_the_layout() -> None:
    text = (SCRIPTS / "player/layout.js").read_text()
    assert re.findall(r"MOST_EDGES = (\d+)", text) == [str(MOST_EDGES)]
