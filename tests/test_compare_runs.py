"""Pinned runs, landscapes, and forged messages in the tab Compare."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, settled, slider
from tests.comparing import PINS, opened
from tests.oracle import article_loop
from tests.page_in_app_test import opened as opened_without_browser
from tests.test_app import seen
from tinynet import Settings, train
from tinynet.links.maps import OPENING
from tinynet.sweeping.turns import Sweeping
from tinynet.training.train import Training
from tinynet.ui.components import asking, chart
from tinynet.ui.session import VISIT
from tinynet.ui.tabs.compare import map as compare_map
from tinynet.ui.tabs.compare.map import COLOUR, FAILED, X, Y
from tinynet.ui.visit import Visit

SMALLEST, SMALLESTS_FINEST = "map=hidden~4~5~seed~0~1~loss", "4 networks"

pytestmark = pytest.mark.usefixtures("no_errors")


def test_runs_are_pinned_named_compared_shared_and_removed(page: Page, server: Server) -> None:
    opened(page, server, f"lr=0.5&{SMALLEST}", SMALLESTS_FINEST)
    expect(
        page.get_by_text("4 cells trained exactly: the largest difference is").first
    ).to_be_visible()
    page.get_by_role("button", name="Pin this run").click()
    expect(page.locator(PINS)).to_have_count(1)
    expect(page.get_by_role("button", name="Pin this run")).to_be_disabled()
    settled(page)
    slider(page, "Learning rate").press("ArrowRight")
    page.get_by_role("button", name="Pin this run").click()
    expect(page.locator(PINS)).to_have_count(2)
    page.wait_for_url(re.compile(r"pin=~lr~0\.5&pin=~lr~1\b"))

    page.get_by_role("button", name="lr 0.5").click()
    page.get_by_label("Name").fill("gentle <b>")
    page.get_by_label("Name").press("Enter")
    page.wait_for_url(re.compile(r"pin=gentle\+b~lr~0\.5|pin=gentle%20b~lr~0\.5"))
    page.keyboard.press("Escape")

    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(PINS)).to_have_count(2)
    expect(other.get_by_role("button", name="gentle b")).to_be_visible()
    other.get_by_role("button", name="gentle b").click()
    other.get_by_role("button", name="Open it").click()
    expect(slider(other, "Learning rate")).to_have_attribute("aria-valuetext", "0.5")
    other.keyboard.press("Escape")
    other.get_by_role("button", name="gentle b").click()
    other.get_by_role("button", name="Remove it").click()
    expect(other.locator(PINS)).to_have_count(1)
    other.wait_for_url(re.compile(r"pin=~lr~1\b"))


def test_the_best_cell_is_pinned_with_one_press(page: Page, server: Server) -> None:
    opened(page, server, "map=lr~0.1~0.4~hidden~4~6~loss", "768 networks")
    page.get_by_role("button", name="Pin the best cell").click()
    page.wait_for_url(re.compile("pin="))

    words = parse_qs(urlsplit(page.url).query)["pin"][0].split("~")
    knobs = dict(zip(words[1::2], words[2::2], strict=True))
    units, rate = int(knobs.get("hidden", 5)), float(knobs["lr"])
    best = article_loop([units], rate, 50, 0)["final_loss"]
    others = [article_loop([width], 0.399, 50, 0)["final_loss"] for width in (4, 5, 6)]
    assert best <= min(others) * 1.001


DISTANCE = """(plot) => {
  const { x, y, z } = plot._fullLayout.scene._scene.getCamera().eye;
  return Math.hypot(x, y, z);
}"""


def test_the_landscape_is_drawn_flat_and_high_and_says_what_it_tells(
    page: Page, server: Server
) -> None:
    opened(page, server, f"lr=0.5&{SMALLEST}", SMALLESTS_FINEST)
    expect(page.locator(".st-key-landscape-flat .contour")).to_be_visible()
    expect(page.get_by_text("a plane through the space of all 61 weights")).to_be_visible()
    page.get_by_role("radio", name="3-D").click(force=True)
    expect(page.locator(".st-key-landscape-high .gl-container canvas").first).to_be_attached()
    expect(page.locator(".st-key-landscape-flat")).to_have_count(0)
    expect(page.get_by_text("scroll to zoom")).to_be_visible()

    high = page.locator(".st-key-landscape-high .plot")
    high.scroll_into_view_if_needed()
    far = high.evaluate(DISTANCE)
    high.hover(position={"x": 150, "y": 200})
    page.mouse.wheel(0, -200)
    page.wait_for_function(
        f"([e, far]) => ({DISTANCE})(e) < 0.9 * far", arg=[high.element_handle(), far]
    )


def test_a_run_that_never_moved_is_told() -> None:
    still = Settings((3,), data="moons", learning_rate=1.0, initialisation="zeros", loss="l1")
    run = train(still)
    moved = any((each != each[:1]).any() for each in run.checkpoints.parameters)
    page = opened_without_browser(
        tab="Compare", data="moons", hidden="3", lr="1", init="zeros", loss="l1"
    )

    words = " ".join(each.value for each in page.caption)
    assert ("The weights never changed in this run" in words) != moved


@pytest.mark.parametrize(
    "query",
    [
        {"map": "lr~5~1~hidden~9~3~loss"},
        {"map": "noise~0~1~lr~1~2~loss"},
        {"map": "lr~1~2~hidden~1~2~tests"},
        {"map": "x" * 9_000},
        {"pin": ["~lr~0.5", "~lr~0.5~device~cuda"]},
        {"pin": ["x (3)~hidden~1", "x~hidden~2", "x~hidden~3"]},
        {"pin": [f"~hidden~{width}" for width in range(1, 9)]},
        {"pin": "~hidden~99"},
        {"data": "plane", "lr": "10", "activation": "tanh", "epochs": "20"},
        {"hidden": "0", "map": "last~1~2~lr~1~2~loss"},
    ],
)
def test_whatever_the_link_asks_for_the_tab_opens(query: dict[str, Any]) -> None:
    page = opened_without_browser(tab="Compare", **query)

    assert not page.exception
    assert page.button(key="pin best")


def test_the_same_map_serves_wherever_the_page_stands_on_it() -> None:
    page = opened_without_browser(tab="Compare", epochs="5")
    for width in (9, 12):
        page.slider(key="hidden").set_value(width).run()
        # The size reached by then depends on the machine.
        assert page.session_state[VISIT].last_map.settings == Settings(epochs=5)
        assert [name for name, _ in page.session_state[VISIT].last_map.axes] == [
            OPENING.y.name,
            OPENING.x.name,
        ]


def test_a_pin_of_a_device_that_is_not_here_is_the_same_run_on_the_cpu_and_said_so() -> None:
    page = opened_without_browser(tab="Compare", pin="~lr~0.5~device~cuda")

    notice = "Pinned runs of a missing device are trained on the CPU instead."
    assert [seen(each.value) for each in page.warning] == [notice]
    assert page.query_params["pin"] == "~lr~0.5"


@pytest.mark.parametrize(("key", "forged"), [(X, "device"), (Y, "zzz"), (COLOUR, "zzz")])
def test_a_forged_choice_changes_nothing(
    key: str, forged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = {X: "learning_rate", Y: "hidden_units", COLOUR: "loss", key: forged}
    monkeypatch.setattr(compare_map, "st", SimpleNamespace(session_state=chosen))
    monkeypatch.setattr(compare_map, "current_visit", Visit)
    shown: list[Any] = []
    monkeypatch.setattr(compare_map, "change", shown.append)

    compare_map._choose()
    assert shown == []
    chosen |= {X: "seed", Y: "hidden_units", COLOUR: "loss"}
    compare_map._choose()
    assert len(shown) == 1


def test_a_map_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(Sweeping, "advance", fail)
    page = opened_without_browser(tab="Compare", epochs="7")

    assert not page.exception
    assert FAILED in [each.value for each in page.caption]


def test_a_pinned_run_that_cannot_be_trained_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    train_one_epoch = Training._train_one_epoch

    def fail_where_seed_is_808(training: Training) -> None:
        if training.settings.seed == 808:
            raise RuntimeError("no memory")
        train_one_epoch(training)

    monkeypatch.setattr(Training, "_train_one_epoch", fail_where_seed_is_808)
    page = opened_without_browser(tab="Compare", pin=["~seed~808", "~seed~809"])

    assert not page.exception
    assert [each.value for each in page.caption].count("could not be trained on this machine") == 1


AXES = "learning_rate hidden_units"
FORGED: list[Any] = [None, 3, "x", [], {"x": 1}, {"x": "1", "y": 2}, {"x": float("nan"), "y": 1}]
FORGED += [{"x": 1e300, "y": 1}, {"x": [1], "y": [2]}, {"x": True, "y": None}]


@pytest.mark.parametrize("forged", FORGED)
def test_what_a_browser_forges_is_no_place_of_the_map(
    forged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = {"axes": AXES, **forged} if isinstance(forged, dict) else forged
    state = {chart.MAP: SimpleNamespace(pick=message, view=message)}
    monkeypatch.setattr(asking, "st", SimpleNamespace(session_state=state))

    assert chart.picked(AXES) == {}
    assert chart.viewed(AXES) == {}


def test_a_place_and_a_part_of_the_map_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    pick, view = {"x": 0.5, "y": 7}, {"x": [0.1, 1], "y": [2, 9]}
    heard = SimpleNamespace(pick={"axes": AXES, **pick}, view={"axes": AXES, **view})
    monkeypatch.setattr(asking, "st", SimpleNamespace(session_state={chart.MAP: heard}))

    assert chart.picked(AXES) == {"x": 0.5, "y": 7.0}
    assert chart.viewed(AXES) == {"x": (0.1, 1.0), "y": (2.0, 9.0)}
    assert chart.picked("seed hidden_units") == {}  # a cell of an outdated map
    assert chart.viewed("seed hidden_units") == {}
