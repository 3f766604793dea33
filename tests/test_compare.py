"""The tab that compares: the map, the pinned runs and the landscape, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Server, figure, settled, slider
from tests.oracle import article_loop, final_loss
from tests.test_app import opened as opened_without_browser
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

MAP = ".st-key-map"
PLOT = f"{MAP} .nsewdrag"
HOVERED = f"{MAP} .hoverlayer"
PINS = ".st-key-pins-chart .scatterlayer .js-line"
COARSE, FINEST, FEW = re.compile(r"^[\d,]+ networks(;| shown|$)"), "16,384 networks", "256 networks"
ZOOMED_IN = "map=lr~0.01~1~hidden~31~34~loss"
# Of few networks, which are soon trained and drawn; as wide as it can be, so there is room to zoom.
WIDER = "map=lr~0.0001~10~hidden~9~16~loss"  # than the article's network, wherever one taps
SMALLEST, SMALLESTS_FINEST = "map=hidden~4~5~seed~0~1~loss", "4 networks"
ZOOMED, IN_WORK = re.compile(r"map=lr~"), re.compile(r"256 networks \(\d+ %\)")

pytestmark = pytest.mark.usefixtures("no_errors")


def opened(
    page: Page, server: Server, query: str = "", until: str | re.Pattern[str] = FINEST
) -> Page:
    """Open the tab, and wait until the map has so many cells."""
    page.goto(f"{server.address}?tab=Compare&{query}")
    page.locator(PLOT).wait_for(timeout=60_000)
    expect(page.get_by_text(until, exact=isinstance(until, str))).to_be_visible(timeout=60_000)
    settled(page)
    return page


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where on the screen a place of the map is, from 0, left and below, to 1."""
    box = page.locator(PLOT).bounding_box()
    assert box
    return box["x"] + x * box["width"], box["y"] + (1 - y) * box["height"]


def shown(page: Page) -> dict[str, tuple[float, float]]:
    """Return which numbers of each axis the map shows, as the address says."""
    query = parse_qs(urlsplit(page.url).query)
    x, *x_ends, y, low, high, _ = query.get("map", [OPENING.text()])[0].split("~")
    ends = (tuple(map(float, each)) for each in (x_ends, (low, high)))
    return dict(zip((x, y), ends, strict=True))  # type: ignore[arg-type]


def test_a_click_on_a_cell_trains_what_its_colour_has_told(page: Page, server: Server) -> None:
    opened(page, server)
    page.mouse.move(*place(page, 0.72, 0.3))
    hovered = page.locator(HOVERED)
    expect(hovered).to_contain_text("final loss")
    rate, units, loss = re.findall(r"[\d.]+", str(hovered.text_content()))

    page.mouse.click(*place(page, 0.72, 0.3))

    expect(slider(page, "Hidden units")).to_have_value(units)
    expect(slider(page, "Learning rate")).to_have_attribute("aria-valuetext", rate)
    exact = article_loop([int(units)], float(rate), 50, 0)["final_loss"]
    assert float(loss) == pytest.approx(exact, rel=0.06)  # it is told in two digits
    assert page.url.endswith(f"?hidden={units}&lr={rate}&tab=Compare")
    page.get_by_role("radio", name="Watch").click()
    expect(figure(page, "Loss")).to_have_text(final_loss(int(units), float(rate)))


def test_the_wheel_buttons_and_keys_zoom_and_back_zooms_out(page: Page, server: Server) -> None:
    opened(page, server)
    page.wait_for_timeout(600)
    page.mouse.move(*place(page, 0.8, 0.5))
    with a_new_entry(page):
        page.mouse.wheel(0, -400)
        page.wait_for_url(ZOOMED)
    once = shown(page)
    assert 0.0001 < once["lr"][0] < once["lr"][1] <= 10

    with a_new_entry(page):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_function("before => location.href !== before", arg=page.url)
    twice = shown(page)
    before = page.url
    low, high = (np.log(each[1] / each[0]) for each in (twice["lr"], once["lr"]))
    assert low == pytest.approx(high / 2, rel=1e-6)

    page.go_back()
    page.wait_for_function("before => location.href !== before", arg=before)
    assert shown(page) == once
    expect_picture(page, once["lr"])

    page.locator(f"{MAP} .plot").press("0")
    page.wait_for_url(lambda url: "map=" not in url)
    expect_picture(page, (0.0001, 10))
    expect(page.get_by_role("button", name="Show the whole chart")).to_have_count(0)


@contextmanager
def a_new_entry(page: Page) -> Iterator[None]:
    """Wait until the browser's history has an entry more: on a busy machine that takes its time."""
    count = page.evaluate("history.length")
    yield
    page.wait_for_function("count => history.length > count", arg=count)


def expect_picture(page: Page, rates: tuple[float, float]) -> None:
    """Expect the picture itself to show these learning rates."""
    page.wait_for_function(
        """([low, high]) => {
          const [root] = [...document.querySelectorAll('.st-key-map *')]
            .map((each) => each.shadowRoot).filter((each) => each);
          const [first, last] = root.querySelector('.plot')._fullLayout.xaxis.range;
          return Math.abs(first - Math.log10(low)) + Math.abs(last - Math.log10(high)) < 1e-4;
        }""",
        arg=list(rates),
    )


def test_a_drag_moves_the_map_a_double_click_shows_the_whole_and_neither_picks(
    page: Page, server: Server
) -> None:
    opened(page, server, ZOOMED_IN, "1,024 networks")
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, 0.3, 0.5), steps=4)
    page.mouse.up()

    page.wait_for_function("!location.search.includes('lr~0.01~1~')")
    assert shown(page)["lr"][0] > 0.012
    page.wait_for_timeout(600)
    expect(slider(page, "Hidden units")).to_have_value("5")

    page.mouse.dblclick(*place(page, 0.5, 0.5))
    page.wait_for_url(lambda url: "map=" not in url)
    page.wait_for_timeout(600)
    expect(slider(page, "Hidden units")).to_have_value("5")


def test_fingers_zoom_and_scroll_without_picking_and_a_tap_picks(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    opened(page, server, f"seed=5&{WIDER}", COARSE)
    page.locator(PLOT).scroll_into_view_if_needed()
    page.wait_for_timeout(500)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        named = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})

    one, other = place(page, 0.45, 0.5), place(page, 0.55, 0.5)
    touch("touchStart", one, other)
    for share in (0.35, 0.25, 0.15):
        touch("touchMove", place(page, share, 0.5), place(page, 1 - share, 0.5))
    touch("touchEnd")
    # A busy browser may let go of the fingers on the way: how far they zoomed is its own affair.
    page.wait_for_url(re.compile(r"map=lr~(?!0\.0001~10~)"))
    page.wait_for_timeout(500)
    assert "hidden=" not in page.url

    box = place(page, 0.5, 0.2)
    touch("touchStart", box)
    for step in range(1, 6):
        touch("touchMove", (box[0], box[1] - 20 * step))
    touch("touchEnd")
    page.wait_for_timeout(800)
    assert "hidden=" not in page.url
    page.locator(PLOT).scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    touch("touchStart", place(page, 0.5, 0.5))
    touch("touchEnd")
    page.wait_for_url(re.compile("hidden="))


def test_enter_opens_the_middle_of_the_map_and_arrow_keys_move_it(
    page: Page, server: Server
) -> None:
    opened(page, server, ZOOMED_IN, "1,024 networks")
    page.locator(f"{MAP} .plot").press("Enter")

    expect(slider(page, "Hidden units")).to_have_value(re.compile("32|33"))
    expect(slider(page, "Learning rate")).to_have_attribute(
        "aria-valuetext", re.compile(r"0\.(1|09)")
    )

    settled(page)
    assert (shown(page)["lr"][0], shown(page)["hidden"][0]) == (0.01, 31)
    for key, axis, moves in (
        ("ArrowRight", "lr~0.01~1~", (1, 0)),
        ("ArrowDown", "hidden~31~34~", (0, -1)),
    ):
        before = shown(page)
        page.locator(f"{MAP} .plot").press(key)
        page.wait_for_function("axis => !location.search.includes(axis)", arg=axis)
        settled(page)
        seen = shown(page)
        assert np.sign(np.log10(seen["lr"][0] / before["lr"][0]).round(6)) == moves[0]
        assert np.sign(seen["hidden"][0] - before["hidden"][0]) == moves[1]


def test_no_frame_is_without_the_map_while_it_is_zoomed_and_becomes_finer(
    page: Page, server: Server
) -> None:
    opened(page, server, "seed=3", COARSE)
    page.evaluate(
        """() => {
          const find = () => [...document.querySelectorAll('.st-key-map *')]
            .map((each) => each.shadowRoot).find((root) => root);
          const texts = () => [...document.querySelectorAll('[data-testid=stCaptionContainer]')]
            .map((each) => each.textContent);
          window.without = 0;
          window.frames_seen = 0;
          window.told = new Set();
          const look = () => {
            window.frames_seen += 1;
            window.without += find()?.querySelector('.heatmaplayer image') ? 0 : 1;
            texts().forEach((each) => window.told.add(each));
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(700)
    settled(page)

    assert page.evaluate("window.frames_seen") > 30
    assert page.evaluate("window.without") == 0
    told = page.evaluate("[...window.told].filter((each) => each.includes('refining to'))")
    assert told  # it did become finer


def test_the_choices_make_another_map_and_stand_in_the_address(page: Page, server: Server) -> None:
    few = "map=epochs~9~12~hidden~1~64~loss"
    opened(page, server, f"data=plane&activation=tanh&epochs=10&lr=0.1&rows=20&{few}", FEW)
    pick(page, "Across", "Seed")
    page.wait_for_url(re.compile("map=seed~0~999~hidden~1~64~loss"))
    pick(page, "Up", "Seed")  # two of one knob change places
    page.wait_for_url(re.compile("map=hidden~1~64~seed~0~999~loss"))


def pick(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_page_that_is_left_trains_no_map_on(page: Page, server: Server) -> None:
    heavy = "data=moons&rows=1000&hidden=64-64&epochs=10000&activation=tanh"
    other = page.context.new_page()
    other.goto(f"{server.address}?tab=Compare&{heavy}")
    expect(other.get_by_text(IN_WORK).first).to_be_visible()
    other.close()

    assert server.processor_seconds_until_it_rests() < 20


def test_a_visitors_click_is_answered_while_a_map_trains(page: Page, server: Server) -> None:
    heavy = "map=epochs~9000~10000~hidden~1~64~loss"  # unlike the run that is pinned
    page.goto(f"{server.address}?tab=Compare&data=moons&activation=tanh&{heavy}")
    expect(page.get_by_text(IN_WORK).first).to_be_visible()
    for _ in range(3):
        page.get_by_role("button", name="Pin this run").click()
        expect(page.locator(PINS)).to_have_count(1)
        rows(page).first.click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.locator(PINS)).to_have_count(0)


def rows(page: Page) -> Locator:
    """Return the names of the pinned runs, behind which stands what one can do."""
    return page.locator(".st-key-pinned [data-testid=stPopover] button")


def test_runs_are_pinned_named_compared_shared_and_removed(page: Page, server: Server) -> None:
    opened(page, server, f"lr=0.5&{SMALLEST}", SMALLESTS_FINEST)
    expect(
        page.get_by_text("4 cells trained exactly: the largest difference is").first
    ).to_be_visible()
    page.get_by_role("button", name="Pin this run").click()
    expect(page.locator(PINS)).to_have_count(1)
    expect(page.get_by_role("button", name="Pin this run")).to_be_disabled()
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
        # Which of its sizes is there by then is a matter of the machine.
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
    assert chart.picked("seed hidden_units") == {}  # of a map that is gone
    assert chart.viewed("seed hidden_units") == {}
