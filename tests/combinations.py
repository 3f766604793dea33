"""Random settings from the whole space, each compared with the plain loop of its own script."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.forks import run_fresh
from tinynet import Run, Settings, SettingsError, to_script, train
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import KNOBS, ChoiceKnob, NumberKnob, OptionalKnob, SubsetKnob
from tinynet.training.record import FloatArray

MOST_UPDATES = 240
WIDTHS = (1, 2, 3, 5, 8, 13, 16, 17, 32, 33, 64)
# The results of a script as the bits of its numbers; all NaNs count as equal.
STATE = """
import hashlib
def bits(*tensors):
    numbers = [each.detach().nan_to_num(7e37, 8e37, 9e37).numpy() for each in tensors]
    return hashlib.sha256(b''.join(each.tobytes() for each in numbers)).hexdigest()
with torch.no_grad():
    y_pred = model(x)
    print('predictions', bits(y_pred))
    print('parameters', bits(*model.parameters()))
    print('final loss', criterion(y_pred, y).item())
"""
TEST_STATE = """\
    y_pred = model(x_test)
    print('test predictions', bits(y_pred))
    print('final test loss', criterion(y_pred, y_test).item())
"""


def drawn(count: int, seed: int = 11) -> list[Settings]:
    """Return settings: first every pair of interest, then random ones."""
    generator = random.Random(seed)  # noqa: S311 - a repeatable draw
    found = [draw_one(generator, most_updates=MOST_UPDATES, **pair) for pair in _pairs()]
    generator.shuffle(found)
    while len(found) < count:
        found.append(draw_one(generator, most_updates=MOST_UPDATES))
    return found[:count]


def _pairs() -> Iterator[dict[str, Any]]:
    """Yield each pair of activation and optimizer or loss, with and without batches."""
    for batches in (False, True):
        for activation, optimizer in product(ACTIVATIONS, OPTIMIZERS):
            yield {"activation": activation, "optimizer": optimizer, "batches": batches}
        for activation, loss in product(ACTIVATIONS, LOSSES):
            yield {"activation": activation, "loss": loss, "batches": batches}


def draw_one(
    generator: random.Random,
    *,
    most_updates: int = 10**9,
    batches: bool | None = None,
    **wanted: Any,
) -> Settings:
    """Draw until the values are valid together and match the wanted ones and the bounds."""
    while True:
        values = {knob.name: _value(generator, knob) for knob in KNOBS} | wanted
        layers = generator.choice((0, 1, 1, 2, 2, 3, 6))
        values["hidden_units"] = [generator.choice(WIDTHS) for _ in range(layers)]
        values["device"] = "cpu"
        try:
            settings = Settings(**values)
        except SettingsError:
            continue
        kept = all(getattr(settings, name) == value for name, value in wanted.items())
        kept = kept and batches in (None, settings.batch_size > 0)
        if kept and updates(settings) <= most_updates:
            return settings


def _value(generator: random.Random, knob: Any) -> Any:
    if isinstance(knob, ChoiceKnob):
        return generator.choice(list(knob.table))
    if isinstance(knob, SubsetKnob):
        return generator.sample(list(knob.table), generator.randint(1, len(knob.table)))
    if isinstance(knob, NumberKnob):
        return _number(generator, knob)
    if isinstance(knob, OptionalKnob):
        return generator.choice((None, _number(generator, knob.number)))
    return generator.random() < 0.8  # most settings clear the gradients


def _number(generator: random.Random, knob: NumberKnob[Any]) -> Any:
    if knob.name == "epochs":
        return generator.randint(1, 60)
    if knob.name == "last_layer_rate" and generator.random() < 0.6:
        return knob.article  # otherwise most runs would have two rates, and many would diverge
    return generator.choice(knob.stops[:100]) if generator.random() < 0.7 else knob.article


def updates(settings: Settings) -> int:
    """Return the number of steps of the settings."""
    return settings.epochs * -(-settings.training_rows // (settings.batch_size or 10_000))


def different(settings: Settings) -> list[str]:
    """Train, and run the script in a fresh process; return the unequal results, bit for bit."""
    run, test = train(settings), TEST_STATE if settings.test_rows else ""
    try:
        printed = run_beside_its_file(settings, to_script(settings) + STATE + test)
    except RuntimeError as error:
        refused = run.diverged and "between 0 and 1" in str(error)
        return [] if refused else [f"error: {error}"]
    epochs = len(run.losses)
    lines = printed[:epochs] == run.printed(0, epochs)
    found = [] if lines else ["losses"]
    if not run.diverged:
        theirs = dict(line.rsplit(" ", 1) for line in printed[settings.epochs :])
        found += [name for name, value in _state(run).items() if theirs[name] != value]
    return found


def run_beside_its_file(settings: Settings, script: str) -> list[str]:
    """Run a script in a fresh process and folder, with the file that it reads."""
    with TemporaryDirectory() as folder:
        for name, content in settings.files.items():
            (Path(folder) / name).write_bytes(content)
        return run_fresh(f"import os\nos.chdir({folder!r})\n{script}")


def _state(run: Run) -> dict[str, str]:
    last = [each[-1] for each in run.checkpoints.parameters]
    made = {
        "predictions": bits(run.predictions),
        "parameters": bits(*last),
        "final loss": str(run.final_loss),
    }
    if run.has_test:
        made["test predictions"] = bits(run.test_predictions)
        made["final test loss"] = str(run.final_test_loss)
    return made


def bits(*arrays: FloatArray) -> str:
    """Return a fingerprint of the numbers, the same for every NaN."""
    whole = b"".join(
        np.nan_to_num(each, nan=7e37, posinf=8e37, neginf=9e37).tobytes() for each in arrays
    )
    return sha256(whole).hexdigest()
