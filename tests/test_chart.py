"""Charts in a real browser: drawn in place, in the theme's colours, and there for everyone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

from tests.browser import (
    CHART,
    CURVE,
    Server,
    Shared,
    figure,
    fly,
    in_motion,
    opened,
    settled,
    slider,
)
from tests.oracle import article_loop
from tests.stage import stage_address
from tinynet.charts.colours import BLUE
from tinynet.stage.assets import SCRIPTS

pytestmark = pytest.mark.usefixtures("no_errors")
MOVES, WIDTHS = 40, 4
MOVED = """(before) => {
  const host = [...document.querySelectorAll(".st-key-player *")].find((e) => e.shadowRoot);
  const curve = [...(host?.shadowRoot.querySelectorAll(".scatterlayer .js-line") ?? [])].pop();
  return curve && curve.getAttribute("d") !== before;
}"""


@contextmanager
def every_frame(page: Page) -> Iterator[list[bytes]]:
    """Collect what the browser shows, frame by frame, as pictures."""
    frames: list[bytes] = []
    wire = page.context.new_cdp_session(page)

    def keep(event: dict[str, str]) -> None:
        frames.append(base64.b64decode(event["data"]))
        wire.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    wire.on("Page.screencastFrame", keep)
    wire.send("Page.startScreencast", {"format": "jpeg", "quality": 80})
    yield frames
    wire.send("Page.stopScreencast")


def plot(page: Page) -> FloatRect:
    box = page.locator(f"{CHART} .nsewdrag").bounding_box()
    assert box
    return box


def curve_pixels(picture: bytes, box: FloatRect | None = None) -> int:
    """Count the pixels of about the curve's colour."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    if box:
        x, y = int(box["x"]), int(box["y"])
        image = image.crop((x, y, x + int(box["width"]), y + int(box["height"])))
    pixels = np.asarray(image, np.int16)
    blue = [int(BLUE[place : place + 2], 16) for place in (1, 3, 5)]
    return int((np.abs(pixels - blue).max(axis=2) < 40).sum())


def ticks(page: Page) -> list[str]:
    return page.locator(f"{CHART} .xtick text").all_text_contents()


def test_no_frame_of_forty_moves_is_without_the_curve(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?lr=0.5")
    curve, box = page.locator(CURVE).last, plot(page)

    def move(key: str) -> None:
        before = curve.get_attribute("d")
        slider(page, "Hidden units").press(key)
        page.wait_for_function(MOVED, arg=before)  # at once, not when it is asked again

    for _ in range(WIDTHS):
        move("ArrowRight")
    settled(page)  # now all are trained: on a busy machine a curve would grow from nothing
    with every_frame(page) as frames:
        for key in ("ArrowLeft", "ArrowRight") * (MOVES // WIDTHS // 2):
            for _ in range(WIDTHS):
                move(key)

    assert len(frames) >= MOVES
    blue = [curve_pixels(frame, box) for frame in frames]
    assert [(frame, pixels) for frame, pixels in enumerate(blue) if pixels <= 80] == []


def test_a_zoom_and_what_is_hovered_stay_while_a_slider_moves(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?lr=0.5")
    box = plot(page)
    page.mouse.move(box["x"] + 80, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 200, steps=5)
    page.mouse.up()
    expect(page.locator(f"{CHART} .xtick")).to_have_count(2)
    assert ticks(page) == ["20", "30"]
    page.mouse.move(*at_tick(page, "20"))
    hovered = page.locator(f"{CHART} .hoverlayer")
    expect(hovered).to_contain_text("epoch 20")

    slider(page, "Hidden units").press("ArrowRight")

    expect(hovered).to_contain_text(repr(article_loop([6], 0.5, 50, 0)["losses"][20]))
    expect(hovered).to_contain_text("epoch 20")
    assert ticks(page) == ["20", "30"]
    page.get_by_role("button", name="Show the whole chart").click()
    assert ticks(page) == ["0", "10", "20", "30", "40", "50"]


def at_tick(page: Page, text: str) -> tuple[float, float]:
    """Return a place in the plot above that tick."""
    tick = page.locator(f"{CHART} .xtick text", has_text=text).bounding_box()
    assert tick
    return tick["x"] + tick["width"] / 2, plot(page)["y"] + 120


def test_the_chart_follows_the_theme_when_it_is_switched(page: Page, server: Server) -> None:
    opened(page, server.address)
    tick = page.locator(f"{CHART} .xtick text").first
    expect(tick).to_have_css("fill", "rgb(30, 39, 48)")
    family = tick.evaluate("e => getComputedStyle(e).fontFamily")
    assert family == page.locator("[data-testid=stApp]").evaluate(
        "e => getComputedStyle(e).fontFamily"
    )

    page.emulate_media(color_scheme="dark")
    expect(tick).to_have_css("fill", "rgb(228, 233, 238)")


def test_the_picture_can_be_saved_and_shows_the_curve(
    shared: Shared, server: Server, tmp_path: Path
) -> None:
    page = shared(opened, f"{server.address}?lr=0.5")
    page.locator(CHART).hover()
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Save the picture").click()
    arriving.value.save_as(tmp_path / arriving.value.suggested_filename)

    picture = (tmp_path / "loss.png").read_bytes()
    assert Image.open(BytesIO(picture)).size[0] > 600
    assert curve_pixels(picture) > 1_000


def test_the_keyboard_reaches_the_chart_and_its_description(page: Page, server: Server) -> None:
    opened(page, server.address)
    page.get_by_role("radio", name="Linear").focus()
    page.keyboard.press("Tab")

    focused = page.get_by_role("img", name="Line chart of the loss over 50 epochs")
    expect(focused).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save the picture")).to_be_focused()


def test_a_chart_whose_script_does_not_load_says_so(page: Page, server: Server) -> None:
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto(server.address)

    expect(
        page.get_by_text("The chart could not be drawn: its script did not load")
    ).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_a_held_key_ends_at_the_true_run_and_compares_with_the_one_rested_on(
    page: Page, server: Server
) -> None:
    for _ in range(5):  # until the machine lets it fly: a pause of half a second is a rest
        opened(page, f"{server.address}?lr=0.5")
        page.wait_for_timeout(600)
        if fly(slider(page, "Hidden units"), stops=30) < 250:
            break

    final = article_loop([35], 0.5, 50, 0)["final_loss"]
    expect(figure(page, "Loss")).to_have_text(f"{final:.4f}")
    expect(page.locator(f"{CHART} .legend li").first).to_have_text("before: hidden units 5")
    settled(page)
    assert f"ends at {final:.4f}" in str(page.locator(f"{CHART} .plot").get_attribute("aria-label"))


def test_the_plot_stays_where_it_is_when_one_more_curve_gets_a_name(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?test=0.3")
    before = plot(page)
    expect(page.locator(f"{CHART} .legend li")).to_have_count(2)
    page.wait_for_timeout(600)  # what was rested on gets a curve beside the next

    slider(page, "Learning rate").press("ArrowRight")
    expect(page.locator(f"{CHART} .legend li")).to_have_count(3)
    settled(page)
    assert plot(page) == before


def cursor(page: Page) -> tuple[float, float]:
    """Return where the cursor's dot stands, in shares of the plot's width and height."""
    dot, area = page.locator(f"{CHART} .dot").bounding_box(), plot(page)
    assert dot
    x, y = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    return (x - area["x"]) / area["width"], (area["y"] + area["height"] - y) / area["height"]


@pytest.mark.parametrize("state", [0, 20, 50])
def test_the_cursor_stands_on_the_curve_at_the_state_that_the_player_shows(
    shared: Shared, server: Server, state: int
) -> None:
    page = shared(opened, f"{server.address}?lr=0.5")
    run = article_loop([5], 0.5, 50, 0)
    losses = [*run["losses"], run["final_loss"]]

    page.locator(".player").press("Home")
    for _ in range(state):
        page.locator(".player").press("ArrowRight")
    expect(page.locator(".where")).to_contain_text(f"After {state} of 50 epochs")

    x, y = cursor(page)
    assert x == pytest.approx(state / 50, abs=0.01)
    assert y == pytest.approx(losses[state] / (1.02 * max(0.3, *losses)), abs=0.01)
    label, chart = page.locator(f"{CHART} .at"), page.locator(f"{CHART} .plot").bounding_box()
    expect(label).to_have_text(f"shown: epoch {state}")
    box, area = label.bounding_box(), plot(page)
    assert box
    assert chart
    assert box["x"] <= area["x"] + x * area["width"] <= box["x"] + box["width"]  # at the cursor
    assert box["y"] >= area["y"] + area["height"]  # below the curve, on the axis
    assert chart["x"] <= box["x"] < box["x"] + box["width"] <= chart["x"] + chart["width"]
    expect(page.locator(f"{CHART} .xtitle")).to_be_hidden()  # the label says it, in its place


def test_a_click_on_the_curve_goes_there_and_the_address_follows(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?lr=0.5")
    area = plot(page)
    x, y = area["x"] + 0.4 * area["width"], area["y"] + 0.5 * area["height"]

    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    expect(page.locator(f"{CHART} .hoverlayer")).to_contain_text("epoch 20")
    page.mouse.click(x, y)

    expect(page.locator(".where")).to_contain_text("After 20 of 50 epochs")
    page.wait_for_url("**epoch=20**")
    assert cursor(page)[0] == pytest.approx(0.4, abs=0.01)
    page.get_by_role("radio", name="Look inside").click()
    expect(page.get_by_text("In epoch 20, look at")).to_be_visible()


def test_no_step_is_lost_while_the_server_answers_the_one_before(
    page: Page, server: Server
) -> None:
    opened(page, server.address)
    player = page.locator(".player")
    player.press("Home")
    for step in range(12):
        player.press("ArrowRight")
        page.wait_for_timeout((20, 300, 400)[step % 3])  # a rest, and the answer comes later

    settled(page)
    expect(page.locator(".where")).to_contain_text("After 12 of 50 epochs")


EPOCHS_READ = """async () => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  const text = (name) => roots.map((root) => root.querySelector(name)).find(Boolean).textContent;
  const pairs = [];
  while (pairs.length < 30) {
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    pairs.push([/After ([\\d,]+)/.exec(text(".where"))[1], /epoch ([\\d,]+)/.exec(text(".at"))[1]]);
  }
  return pairs;
}"""


def test_while_it_plays_the_chart_and_the_player_name_the_same_epoch(
    page: Page, server: Server
) -> None:
    in_motion(opened(page, f"{server.address}?epochs=500&hidden=64"))  # of which some are kept
    page.get_by_role("button", name="Play").click()

    pairs = page.evaluate(EPOCHS_READ)

    assert len({where for where, _ in pairs}) > 5
    assert [where for where, _ in pairs] == [at for _, at in pairs]


CALLED = """async (html) => {
  document.body.innerHTML = "<div></div>";
  const host = document.querySelector("div"), place = host.attachShadow({ mode: "open" });
  place.innerHTML = html;
  const chart = place.querySelector(".chart"), plot = place.querySelector(".plot");
  const { default: show } = await import("/scripts/streamlit/chart.js");
  window.drawn = []; // the width and the trace of each drawing
  const react = (at, data, layout) => {
    at._fullLayout = layout;
    at.on = () => {};
    drawn.push([layout.width, ...data]);
  };
  window.stub = { react, purge: () => {} };
  const script = "/plotly.js";
  const next = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const frame = async () => { await next(); await next(); };
  const call = async (trace, isOvertaken) => {
    const facts = { script, figure: { data: [trace], layout: { height: 100 } } };
    const data = new TextEncoder().encode(JSON.stringify(facts));
    const leave = show({ data, parentElement: place });
    if (isOvertaken) leave(); // as Streamlit does, at once
    while (!window.Plotly) await next();
    await frame();
    return leave;
  };
  const widen = async (width) => { chart.style.width = `${width}px`; await frame(); };
  chart.style.display = "block";
  await widen(300);
"""


def drawn_after(page: Page, acts: str) -> list[tuple[int, str]]:
    """Call the chart's script as Streamlit does; return each drawing's width and trace."""
    html = (SCRIPTS / "chart/chart.html").read_text()
    page.goto(stage_address())
    page.evaluate(f"{CALLED}{acts}\n}}", html)
    return [tuple(each) for each in page.evaluate("drawn")]


def test_a_clean_up_of_a_call_that_was_overtaken_takes_nothing_down(page: Page) -> None:
    drawn = drawn_after(
        page,
        """const overtaken = await call("first");
        await call("second");
        overtaken();
        await widen(400);""",
    )

    assert drawn == [(300, "first"), (300, "second"), (400, "second")]


def test_a_call_that_comes_late_and_was_overtaken_draws_nothing(page: Page) -> None:
    drawn = drawn_after(
        page,
        """await call("second");
        await call("first", true);
        await widen(400);""",
    )

    assert drawn == [(300, "second"), (400, "second")]


def test_a_figure_that_comes_while_the_chart_is_out_of_sight_is_drawn_once_it_is_seen(
    page: Page,
) -> None:
    drawn = drawn_after(
        page,
        """await call("first");
        host.style.display = "none";
        await call("second");
        host.style.display = "block";
        await frame();""",
    )

    assert drawn == [(300, "first"), (300, "second")]


def test_a_chart_that_is_taken_down_is_drawn_no_more(page: Page) -> None:
    drawn = drawn_after(
        page,
        """const leave = await call("first");
        host.remove();
        leave();
        document.body.append(host);
        await widen(400);""",
    )

    assert drawn == [(300, "first")]
