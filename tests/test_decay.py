"""AdamW's decay equals the slider: the default if none is given, and 0 if it is set to 0."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from tests.forks import run_fresh
from tests.page_in_app_test import opened
from tests.test_sidebar import shown, with_more_open
from tinynet import Settings, sweep, to_script, train
from tinynet.atlas.arguments import read_job
from tinynet.charts import loss_chart
from tinynet.links.address import View, permalink, read_address, shortened
from tinynet.links.pins import Pin, read_pin
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import changed, set_to

OWN = Settings(optimizer="adamw")
NONE = Settings(optimizer="adamw", l2=0)
OLD = "?v=1&optimizer=adamw&l2=0&tab=Watch&epoch=49"  # as in the permalinks of the first version


def by_pytorch(**decay: Any) -> list[float]:
    """Return the losses of AdamW on the article's batch, with the given decay arguments."""
    torch.manual_seed(0)
    x = torch.randn(10, 10)
    y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]])
    model = nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 1), nn.Sigmoid())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, **decay)
    losses = []
    for _ in range(50):
        loss = nn.MSELoss()(model(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def meant(link: str) -> Settings:
    address = read_address(parse_qs(urlsplit(link).query))
    assert address.notices == ()
    return address.settings


@pytest.mark.parametrize(
    ("settings", "decay"),
    [
        (OWN, {}),
        (NONE, {"weight_decay": 0}),
        (Settings(optimizer="adamw", l2=0.0001), {"weight_decay": 0.0001}),
        (Settings(optimizer="adamw", l2=0.3), {"weight_decay": 0.3}),
    ],
    ids=str,
)
def test_it_decays_by_what_is_said_or_by_pytorchs_own(
    settings: Settings, decay: dict[str, float]
) -> None:
    expected = by_pytorch(**decay)

    assert settings.l2 == decay.get("weight_decay", 0.01)
    assert train(settings).losses.tolist() == expected
    printed = run_fresh(to_script(settings))
    assert [float(line.split()[-1]) for line in printed] == expected


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_where_nothing_is_said_an_optimizer_decays_as_pytorch_has_it(name: str) -> None:
    entry = OPTIMIZERS[name]
    made: Any = getattr(torch.optim, entry.name)(nn.Linear(1, 1).parameters(), lr=0.1)

    assert Settings(optimizer=name).l2 == made.defaults["weight_decay"]
    assert "weight_decay" not in to_script(Settings(optimizer=name))


def test_none_is_as_if_nothing_were_said() -> None:
    nothing: Any = None

    assert Settings(optimizer="adamw", l2=nothing) == OWN == Settings(optimizer="adamw", l2=0.01)
    assert Settings(l2=nothing) == Settings()
    assert NONE != OWN


def test_another_optimizer_brings_its_own_decay_unless_one_is_said() -> None:
    assert set_to(Settings(), {"optimizer": "adamw"}) == OWN
    assert set_to(OWN, {"optimizer": "adam"}) == Settings(optimizer="adam")
    assert set_to(Settings(l2=0.03), {"optimizer": "adamw"}).l2 == 0.03


def test_a_sweep_over_optimizers_and_decays_is_near_each_run_alone() -> None:
    cases: list[tuple[Settings, dict[str, list[Any]]]] = [
        (Settings(), {"optimizer": ["sgd", "adamw"], "learning_rate": [0.01, 0.1]}),
        (Settings(learning_rate=0.1), {"optimizer": ["adam", "adamw"], "l2": [0, 0.01, 0.3]}),
    ]
    for settings, axes in cases:
        swept = sweep(settings, axes)
        for row in range(2):
            for column in range(swept.final_losses.shape[1]):
                alone = train(swept.settings_of((row, column)))
                near = pytest.approx(alone.final_loss, rel=1e-4)
                assert swept.final_losses[row, column] == near


def test_what_is_turned_and_told_is_what_was_said() -> None:
    told = {each: [knob.name for knob in changed(each)] for each in (OWN, NONE, Settings(l2=0))}

    assert told == {OWN: ["optimizer"], NONE: ["optimizer", "l2"], Settings(): []}
    for settings in told:
        assert eval(repr(settings), {"Settings": Settings}) == settings  # noqa: S307 - our own
    names = [each.name for each in loss_chart(train(OWN), train(Settings())).data]
    assert names[0] == "before: optimizer SGD"


# Addresses


@pytest.mark.parametrize("settings", [OWN, NONE, Settings(l2=0), Settings(l2=0.01)], ids=str)
def test_every_form_of_an_address_reads_back(settings: Settings) -> None:
    short = {name: [text] for name, text in shortened(settings, View()).items()}

    assert read_address(short).settings == settings
    assert meant(permalink("https://host/", settings, View())) == settings
    assert read_pin(Pin(settings).text()).settings == settings


def test_links_made_before_keep_their_decay() -> None:
    assert meant("?optimizer=adamw") == meant(OLD) == OWN
    assert read_job(["--link", f"https://host/{OLD}"]).plan.settings == OWN
    assert read_pin("~optimizer~adamw").settings == OWN


def test_0_can_be_said_in_an_address() -> None:
    assert meant("?optimizer=adamw&l2=0") == NONE
    assert meant(OLD.replace("v=1", "v=2")) == NONE
    assert read_job(["--set", "optimizer=adamw", "l2=0"]).plan.settings == NONE


# The page


def decay_of(page: AppTest) -> object:
    return page.select_slider(key="l2").value


def test_the_slider_shows_it_and_goes_along_with_the_optimizer() -> None:
    page = with_more_open()
    assert decay_of(page) == 0
    page.selectbox(key="optimizer").set_value("adamw").run()
    assert decay_of(page) == 0.01
    assert shown(page) == OWN
    page.selectbox(key="optimizer").set_value("adam").run()
    assert decay_of(page) == 0
    assert shown(page) == Settings(optimizer="adam")


def test_0_on_the_slider_is_0_and_stands_in_the_address() -> None:
    page = with_more_open(optimizer="adamw")
    assert decay_of(page) == 0.01
    page.select_slider(key="l2").set_value(0.0).run()

    assert decay_of(page) == 0
    assert shown(page) == NONE
    assert re.search(
        r"l2 penalty 0\b(?!\.)", next(each.value for each in page.caption if "*More*" in each.value)
    )
    again = opened(optimizer="adamw", l2="0")
    assert shown(again) == NONE
