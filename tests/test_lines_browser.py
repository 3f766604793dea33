"""The five lines in the browser."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Answers, Server, Shared, settled
from tests.five_lines import FORWARD, LOSS, STEP, ZERO_GRAD, Sent, opened, oracle
from tests.oracle import article_loop
from tinynet import Settings

# Records the content of the component in every frame during clicks.
WATCH = """async ([clicks, frames]) => {
  const root = [...document.querySelectorAll("*")]
    .map((each) => each.shadowRoot).find((each) => each?.querySelector(".lines"));
  const seen = [];
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame < clicks) root.querySelector(".next").click();
    await new Promise(requestAnimationFrame);
    seen.push({
      update: Number(root.querySelector(".lines").dataset.update),
      line: [...root.querySelectorAll("[type=radio]")].findIndex((each) => each.checked),
      does: root.querySelector(".does").textContent,
      printed: root.querySelector("pre")?.textContent ?? "",
    });
  }
  return seen;
}"""


def cells(lines: Locator, table: int) -> list[str]:
    return lines.get_by_role("table").nth(table).locator("tbody td").all_inner_texts()


def test_four_quick_clicks_are_four_steps_and_ask_nothing(page: Page, server: Server) -> None:
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    lines = opened(page, server, "epoch=7&lr=0.5&hidden=64")
    sent.clear()

    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        lines.get_by_role("radio").nth(FORWARD).check()
        page.get_by_role("button", name="Next line").evaluate(
            "each => { for (let click = 0; click < 4; click += 1) each.click(); }"
        )

        expect(lines.get_by_role("radio").nth(STEP)).to_be_checked()
        expect(page.get_by_text("holds for all 769 numbers")).to_be_visible()
        expect(lines.get_by_role("table")).to_have_count(12)  # before, grad, after; four parameters
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("e => e.scrollWidth - e.clientWidth") == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert sent == []


@pytest.mark.alone  # beside others, a late answer can take a click back
def test_clicks_are_counted_from_epoch_to_epoch_up_to_the_last_and_each_changes_all_at_once(
    page: Page, server: Server
) -> None:
    lines = opened(page, server, "epoch=46&lr=0.5")
    losses = article_loop([5], 0.5, 50, 0)["losses"]

    seen = page.evaluate(WATCH, [16, 60])
    expect(lines).to_have_attribute("data-update", "49")

    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()  # 16 steps from epoch 46, line 0
    page.wait_for_url(re.compile(r"^[^#]*\?(?!.*epoch=)"))  # the last epoch is the default
    words = [line["does"].replace("`", "") for line in Sent(46, Settings()).facts["lines"]]
    assert [each["line"] for each in seen[:4]] == [1, 2, 3, 4]
    for each in seen:
        assert each["does"] == words[each["line"]]
        loss = f">>> loss.item()\n{losses[each['update']]}"
        assert (each["printed"] == loss) == (each["line"] == LOSS)

    # Nothing follows the last line of the last epoch.
    settled(page)
    step = page.get_by_role("button", name="Next line")
    lines.get_by_role("radio").nth(STEP - 1).check()
    step.click()

    end = page.get_by_role("button", name="The training ends here")
    expect(end).to_have_attribute("aria-disabled", "true")
    end.press("Enter")
    expect(lines.get_by_role("radio").nth(STEP)).to_be_checked()
    expect(lines).to_have_attribute("data-update", "49")

    lines.get_by_role("radio").nth(FORWARD).check()
    expect(step).to_have_attribute("aria-disabled", "false")


def test_an_answer_that_comes_late_takes_no_click_back(page: Page, server: Server) -> None:
    answers = Answers(page)
    lines = opened(page, server, "epoch=7&lr=0.5")
    answers.hold()
    for clicked in (1, 2):  # to epoch 8, then to epoch 9, each two clicks more than a whole epoch
        page.get_by_role("button", name="Next line").evaluate(
            "each => { for (let click = 0; click < 6; click += 1) each.click(); }"
        )
        answers.wait_for(clicked)
    answers.let_go()

    expect(lines).to_have_attribute("data-update", "9")
    expect(lines.get_by_role("radio").nth(ZERO_GRAD)).to_be_checked()


def at_epoch_7(shared: Shared, server: Server) -> Locator:
    """Return the lines of epoch 7 of a run, on a page shared by several tests."""
    lines: Locator = shared(opened, server, "epoch=7&lr=0.5")
    lines.page.get_by_role("radio", name="Look inside").click()
    box = lines.page.get_by_label("Epoch, 0 to")
    box.fill("7")
    box.press("Enter")
    expect(lines).to_have_attribute("data-update", "7")
    settled(lines.page)
    return lines


def test_the_slider_leads_to_another_epoch_and_the_line_stays(
    shared: Shared, server: Server
) -> None:
    lines = at_epoch_7(shared, server)
    page = lines.page
    lines.get_by_role("radio").nth(FORWARD).check()
    lines.get_by_role("radio").nth(FORWARD).press("ArrowDown")
    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()

    page.get_by_label("Epoch, 0 to").press("ArrowDown")
    expect(lines).to_have_attribute("data-update", "6")
    expect(lines.locator("pre")).to_contain_text(str(oracle(6)["loss"]))

    page.get_by_role("radio", name="Code").click()
    page.get_by_text("import torch").first.wait_for()
    page.get_by_role("radio", name="Look inside").click()
    expect(lines.get_by_role("radio").nth(LOSS)).to_be_checked()
    expect(lines).to_have_attribute("data-update", "6")


def test_every_number_stands_in_its_cell_on_a_ground_of_its_sign_and_size(
    shared: Shared, server: Server
) -> None:
    lines, made = at_epoch_7(shared, server), oracle(7)
    lines.get_by_role("radio").nth(STEP).check()
    before, gradients, after = (
        np.array(made[part][0]).ravel() for part in ("before", "gradients", "after")
    )

    for table, tensor in enumerate((before, gradients, after)):
        written = [float(each) for each in cells(lines, table)]
        assert written == pytest.approx(tensor, abs=5.001e-5)
    grounds = lines.get_by_role("table").nth(2).locator("tbody td")
    styles = grounds.evaluate_all("all => all.map((each) => each.getAttribute('style'))")
    for style, value in zip(styles, after, strict=True):
        strength = 60 * abs(value) / np.abs(after).max()
        assert float(re.findall(r"([\d.]+)%", style)[0]) == pytest.approx(strength, abs=0.06)
        assert ("#2f7fc1" if value > 0 else "#c0762b") in style
    marks = grounds.evaluate_all("all => all.map((each) => each.className)")
    assert [mark == "changed" for mark in marks] == (before != after).tolist()


def test_the_bars_are_the_rows_shares_in_the_loss(shared: Shared, server: Server) -> None:
    lines, made = at_epoch_7(shared, server), oracle(7)
    lines.get_by_role("radio").nth(LOSS).check()
    errors = np.array(made["squared errors"])
    shares = 100 * errors / errors.sum()
    targets = [1, 0, 0, 1, 1, 1, 0, 0, 1, 1]

    rows = np.array(cells(lines, 0)).reshape(10, 4).tolist()
    assert rows == [
        [f"{prediction:.4f}", str(target), f"{error:.4f}", f"{share:.0f} %"]
        for (prediction,), target, error, share in zip(
            made["y_pred"], targets, errors, shares, strict=True
        )
    ]
    widths = lines.locator(".shares i").evaluate_all(
        "all => all.map((e) => 100 * e.clientWidth / e.parentElement.clientWidth)"
    )
    assert widths == pytest.approx(shares, abs=2)


def test_behind_the_last_line_of_a_batch_comes_the_next_batch_and_then_the_next_epoch(
    page: Page, server: Server
) -> None:
    lines = opened(page, server, "data=moons&batch=50&epoch=7")
    epoch, box = page.get_by_label("Epoch, 0 to 49"), page.get_by_label("Batch, 1 to 4")
    expect(lines).to_have_attribute("data-update", "28")  # batch 1 of epoch 7
    expect(epoch).to_have_value("7")
    expect(box).to_have_value("1")

    box.fill("3")
    box.press("Enter")
    expect(lines).to_have_attribute("data-update", "30")
    lines.get_by_role("radio").nth(STEP).check()
    page.get_by_role("button", name="Next line").click()

    expect(lines).to_have_attribute("data-update", "31")
    expect(lines.get_by_role("radio").nth(FORWARD)).to_be_checked()
    expect(box).to_have_value("4")
    lines.get_by_role("radio").nth(STEP).check()
    page.get_by_role("button", name="Next line").click()
    expect(lines).to_have_attribute("data-update", "32")
    expect(epoch).to_have_value("8")
    expect(box).to_have_value("1")
    page.wait_for_url(re.compile("epoch=8"))


def test_the_step_stays_in_sight_when_a_line_goes_and_a_forgotten_line_is_struck_through(
    page: Page, server: Server
) -> None:
    lines = opened(page, server, "clip=0.1")
    expect(lines.get_by_role("radio")).to_have_count(6)
    lines.get_by_role("radio", name="optimizer.step()").check()

    page.get_by_role("button", name="Back to the article").click()

    expect(lines.get_by_role("radio")).to_have_count(5)
    expect(lines.get_by_role("radio", name="optimizer.step()")).to_be_checked()
    expect(page.get_by_text("moved most")).to_be_visible()

    page.get_by_text("Forget zero_grad()").click()
    expect(lines.locator("s")).to_have_text("optimizer.zero_grad()")
    lines.get_by_role("radio", name="optimizer.zero_grad() forgotten").check()
    expect(page.get_by_text(".grad holds the sum of the gradients")).to_be_visible()


def test_what_was_unfolded_stays_so_from_epoch_to_epoch(page: Page, server: Server) -> None:
    lines = opened(page, server, "hidden=3-2&epoch=7&lr=0.5")
    lines.get_by_role("radio", name="optimizer.step()").check()
    expect(lines.get_by_role("table")).to_have_count(3)
    lines.locator("details:not([open]) summary").last.click()
    expect(lines.get_by_role("table")).to_have_count(6)
    name = lines.locator("details[open] summary").last.inner_text()

    page.get_by_label("Epoch, 0 to").press("ArrowDown")

    expect(lines).to_have_attribute("data-update", "6")
    expect(lines.locator("details[open] summary").filter(has_text=name)).to_be_visible()
