"""The page in a real browser, as a visitor uses it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as Late

from tests.browser import (
    CHART,
    CURVE,
    UNCOMPRESSED,
    Answers,
    Server,
    Shared,
    calm_context,
    figure,
    fly,
    opened,
    settled,
    slider,
)
from tests.oracle import article_loop, final_loss
from tests.whole_page import query, rested

pytestmark = pytest.mark.usefixtures("no_errors")


def printed(page: Page) -> str:
    return page.locator("pre.plain").filter(has_text="epoch:  0").inner_text()


def test_the_stage_its_chart_and_the_figures_stand_above_the_fold(
    shared: Shared, server: Server
) -> None:
    page = shared(opened, server.address)

    expect(figure(page, "Loss")).to_have_text(final_loss())
    for part in (".stage", CHART, ".figures"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800
    assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") == 0


def test_figures_chart_table_printout_and_address_follow_each_slider_and_forgetting_zero_grad(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 1280, "height": 2000})  # the part below is in sight
    opened(page, server.address)
    line = page.locator(CURVE).get_attribute("d")

    slider(page, "Hidden units").press("ArrowRight")
    page.wait_for_url("**/?hidden=6")
    settled(page)

    expect(figure(page, "Loss")).to_have_text(final_loss(6))
    expect(page.locator(".told")).to_contain_text(f"the loss is {final_loss(6)}.")  # announced
    expect(figure(page, "Parameters")).to_have_text("73")
    assert page.locator(CURVE).last.get_attribute("d") != line
    first_prediction = article_loop([6], 0.01, 50, 0)["predictions"][0][0]
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(table).to_contain_text(f"{first_prediction:.4f}"[:5])
    assert repr(article_loop([6], 0.01, 50, 0)["losses"][-1]) in printed(page)

    moved: dict[str, Any] = {"hidden_units": 6}
    addresses = {"hidden=6"}
    for label, address, expected in (
        ("Learning rate", "lr=0.02", {"rate": 0.02}),
        ("Epochs", "epochs=100", {"epochs": 100}),
        ("Seed", "seed=1", {"seed": 1}),
    ):
        moved |= expected
        addresses.add(address)
        slider(page, label).press("ArrowRight")
        page.wait_for_url(lambda url: set(url.partition("?")[2].split("&")) == addresses)

        expect(figure(page, "Loss")).to_have_text(final_loss(**moved))

    addresses.add("forget=true")
    page.get_by_text("Forget zero_grad()").click()
    page.wait_for_url(lambda url: set(url.partition("?")[2].split("&")) == addresses)

    forgetful = article_loop([6], 0.02, 100, 1, zero_gradients=False)
    expect(figure(page, "Loss")).to_have_text(f"{forgetful['final_loss']:.4f}")


def test_hovering_shows_the_exact_epoch_and_loss(shared: Shared, server: Server) -> None:
    page = shared(opened, server.address)
    plot = page.locator(f"{CHART} .nsewdrag").bounding_box()
    assert plot

    page.mouse.move(plot["x"] + plot["width"] * 20 / 50, plot["y"] + plot["height"] / 2)

    loss = article_loop([5], 0.01, 50, 0)["losses"][20]
    label = page.locator(f"{CHART} .hoverlayer")
    expect(label).to_contain_text("epoch 20")
    expect(label).to_contain_text(repr(loss))


def test_a_permalink_opens_the_same_run_in_another_browser(
    page: Page, server: Server, browser: Browser
) -> None:
    opened(page, f"{server.address}?hidden=9&lr=0.5&seed=12")
    page.get_by_role("button", name="Share").click()
    link = page.get_by_test_id("stPopoverBody").locator("code").first.inner_text()
    values = "hidden=9&lr=0.5&epochs=50&device=cpu&seed=12&forget=false&data=dummy&rows=200"
    assert link.startswith(f"{server.address}?v=2&{values}&noise=0.1&test=0&scale=standardised&")
    assert link.endswith(
        "&batch=0&init=default&weight_seed=none&clip=0&keep=last&tab=Watch&epoch=49"
    )

    another_browser = calm_context(browser, extra_http_headers=UNCOMPRESSED)
    for shared in (link, page.url):
        elsewhere = opened(another_browser.new_page(), shared)
        expect(figure(elsewhere, "Loss")).to_have_text(final_loss(9, 0.5, seed=12))
        assert printed(elsewhere) == printed(page)
        assert query(elsewhere) == "hidden=9&lr=0.5&seed=12"
    another_browser.close()


def test_values_between_the_stops_stay_in_the_address_until_back_to_the_article_empties_it(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?hidden=9&lr=0.013&epochs=70&seed=12")

    expect(figure(page, "Loss")).to_have_text(final_loss(9, 0.013, 70, 12))
    assert query(page) == "hidden=9&lr=0.013&epochs=70&seed=12"
    slider(page, "Learning rate").press("ArrowRight")
    page.wait_for_url(lambda url: "lr=0.02" in url.partition("?")[2].split("&"))

    page.get_by_role("button", name="Back to the article").click()
    page.wait_for_url(re.compile(r"/$"))
    settled(page)

    expect(figure(page, "Loss")).to_have_text(final_loss())


def test_back_and_forward_walk_through_what_was_rested_on(page: Page, server: Server) -> None:
    opened(page, server.address)
    before: int = page.evaluate("history.length")
    page.wait_for_timeout(600)
    fly(slider(page, "Hidden units"), stops=3)
    page.wait_for_url("**/?hidden=8")
    rested(page, before + 1)
    slider(page, "Learning rate").press("ArrowRight")
    page.wait_for_url("**/?hidden=8&lr=0.02")
    rested(page, before + 2)
    page.get_by_role("button", name="Back to the article").click()
    page.wait_for_url(re.compile(r"/$"))
    rested(page, before + 3)

    steps = ((page.go_back, 8, 0.02), (page.go_back, 8, 0.01), (page.go_back, 5, 0.01))
    for step, hidden_units, rate in (*steps, (page.go_forward, 8, 0.01)):
        step()
        expect(figure(page, "Loss")).to_have_text(final_loss(hidden_units, rate))
        expect(slider(page, "Hidden units")).to_have_value(str(hidden_units))


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label)
    for _ in range(5):  # an open list closes when the page is redrawn, however late
        settled(page)
        box.click()  # clicks once the list no longer moves
        box.fill(option)
        with suppress(Late):
            page.get_by_role("option", name=option, exact=True).click(timeout=2_000)
            return
    pytest.fail(f"The list of {label} did not stay open.")


@pytest.mark.alone  # a server that others keep busy answers it too late
def test_back_and_forward_walk_through_data_layers_and_activations(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 1280, "height": 2_400})  # a list closes when the page scrolls
    answers = Answers(page)
    opened(page, server.address)
    before: int = page.evaluate("history.length")
    choose(page, "Data", "Moons")
    expect(page.get_by_text("These settings came with the data")).to_be_visible()
    settled(page)
    rested(page, before + 1)
    page.get_by_role("button", name="Add a layer").click()
    page.wait_for_url("**hidden=16-16-5**")
    rested(page, before + 2)
    choose(page, "Activation", "SiLU")
    page.wait_for_url("**activation=silu**")
    rested(page, before + 3)

    start = "data=moons&hidden=16-16&lr=0.03&epochs=200&activation=tanh&optimizer=adam"
    for layers, address in ((3, start.replace("16-16", "16-16-5")), (2, start), (1, "")):
        page.go_back()
        expect(page.get_by_role("slider", name="Hidden units")).to_have_count(layers)
        settled(page)
        assert sorted(query(page).split("&")) == sorted(address.split("&"))
    page.go_forward()
    expect(figure(page, "Correct")).to_contain_text("of 200")
    page.go_forward()
    page.go_forward()
    page.wait_for_url("**activation=silu**")
    settled(page)

    # The second step is taken before the browser receives the answer to the first. The server must
    # send the whole film of the moons, because the browser drops its copy after the request.
    for steps in ((-1, -1), (1, -2)):
        answers.hold()
        for taken, step in enumerate(steps, start=1):
            page.evaluate("step => history.go(step)", step)
            answers.wait_for(taken)
        answers.let_go()
        expect(page.get_by_role("slider", name="Hidden units")).to_have_count(2)
        settled(page)
        assert sorted(query(page).split("&")) == sorted(start.split("&"))
        page.go_forward()
        expect(page.get_by_role("slider", name="Hidden units")).to_have_count(3)
        settled(page)


def test_an_entry_is_what_was_looked_at_not_what_was_put_right_or_flown_over(
    page: Page, server: Server
) -> None:
    opened(page, server.address)
    before: int = page.evaluate("history.length")
    page.locator("h1").click()
    # Corrections by the page itself add no entry, however late.
    for address, entries in (("?hidden=8", before + 1), ("?", before + 1)):
        page.evaluate("address => history.pushState({}, '', address)", address)
        page.wait_for_timeout(700)  # longer than a rest

        assert page.evaluate("history.length") == entries

    # An address that was looked at while a run trained becomes an entry.
    page.locator("h1").click()
    come_to(page, "?hidden=7", "running")
    page.wait_for_timeout(700)  # longer than a rest
    assert page.evaluate("history.length") == before + 1
    page.locator("h1").click()
    assert page.evaluate("history.length") == before + 2

    # An address that was passed over while the server was slow does not.
    rested_on = page.url
    for state, address in (("running", "?hidden=9"), ("notRunning", "?hidden=8")):
        come_to(page, address, state)
        page.wait_for_timeout(700)  # longer than a rest

    assert page.evaluate("history.length") == before + 3
    page.go_back()
    assert page.url == rested_on == f"{server.address}?hidden=7"


def come_to(page: Page, address: str, state: str) -> None:
    """Put an address into the history as the page does, while the script is in a state."""
    page.evaluate(
        """([state, address]) => {
          document.querySelector("[data-testid=stApp]").dataset.testScriptState = state;
          history.pushState({}, "", address);
        }""",
        [state, address],
    )
