"""Guidance: suggestions of the coach, the way back, other starts, and the lessons."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from tests.browser import (
    Server,
    advised,
    figure,
    idle,
    in_motion,
    opened,
    settled,
    slider,
    suggestion,
)
from tests.oracle import article_loop, final_loss
from tests.page_in_app_test import opened as opened_without_browser
from tests.page_in_app_test import printed
from tests.test_app import words_of
from tests.test_opening import RECORD, at_rest, seen
from tinynet import Settings, train
from tinynet.analysis.lessons import LESSONS
from tinynet.links.address import View, shortened
from tinynet.serving.requests import TrialRequest, is_in_progress
from tinynet.ui.runs import STORE
from tinynet.ui.session import VISIT


def tried(settings: Settings) -> None:
    """Store the trial of some settings, because a page without a browser does not request it."""
    request = TrialRequest(settings, train(settings))
    while is_in_progress(STORE.advance(request)):
        pass


def told(page: Page) -> Page:
    """Read the first story of the article's network to its end."""
    for each in ("What happened?", "Why?"):
        page.get_by_role("button", name=each).click()
    return page


def keys(page: AppTest) -> set[str]:
    return {str(each.key) for each in page.button}


@pytest.mark.usefixtures("no_errors")
def test_from_the_article_the_first_suggestion_leads_to_all_rows_correct_and_undo_leads_back(
    page: Page, server: Server
) -> None:
    told(opened(page, server.address))
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_have_count(0)
    expect(advised(page)).to_contain_text("10 of 10 correct, good on 5 of 5 seeds")

    advised(page).click()
    expect(figure(page, "Correct")).to_have_text("10 of 10")
    expect(suggestion(page)).to_have_count(0)  # the run is good

    undo.click()
    article = article_loop([5], 0.01, 50, 0)["final_loss"]
    expect(figure(page, "Loss")).to_have_text(f"{article:.4f}")
    expect(undo).to_have_count(0)
    assert page.url == server.address


@pytest.mark.usefixtures("no_errors")
def test_what_was_tried_can_be_looked_at_with_its_ends(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?data=spiral&hidden=0")
    idle(page).get_by_role("button", name="What was tried").click(timeout=90_000)
    rows = page.get_by_test_id("stPopoverBody").get_by_role("row")
    base = train(Settings((), data="spiral"))
    expect(rows.nth(1)).to_contain_text(f"nothing{base.correct.sum()}, ")
    assert rows.count() > 10


@pytest.mark.usefixtures("no_errors")
def test_twenty_starts_tell_whether_it_was_luck_and_a_click_opens_one(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?data=gauss&epochs=100&seed=7")
    idle(page).get_by_role("button", name="Is it luck?").click()
    ends = page.locator(".st-key-start button")
    expect(ends).to_have_count(20)
    settings = Settings(data="gauss", epochs=100, seed=7)
    starts = [settings, *(replace(settings, weight_seed=seed) for seed in range(19))]
    right = [int(train(each).correct.sum()) for each in starts]
    learned = sum(each >= 190 for each in right)
    expect(page.get_by_text(f"{learned} of 20 starts learn it")).to_be_visible()
    told = [f"{n + 1}: {each}{'' if each >= 190 else ' ✗'}" for n, each in enumerate(right)]
    assert ends.all_inner_texts() == told

    ends.nth(12).click()
    page.wait_for_url("**weight_seed=11**")
    expect(figure(page, "Correct")).to_have_text(f"{right[12]} of 200")
    expect(ends).to_have_count(20)  # the list stays, so that another can be opened
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(lambda url: "weight_seed" not in url)


@pytest.mark.usefixtures("no_errors")
def test_a_button_leads_to_the_picture_of_the_end_and_a_lesson_of_the_menu_to_its_question(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?epoch=20")
    where = page.locator(".where")
    expect(where).to_contain_text("After 20 of 50 epochs")

    told(page)
    advised(page).click()
    expect(where).to_contain_text("After 50 of 50 epochs")
    for _ in range(2):
        page.locator(".player").press("ArrowLeft")
    page.wait_for_url("**epoch=48**")
    page.get_by_role("button", name="Back to the article").click()
    expect(where).to_contain_text("After 50 of 50 epochs")
    page.wait_for_url(lambda url: "epoch" not in url)
    settled(page)

    page.get_by_role("radio", name="Code").click()  # the lesson points to something in *Watch*
    page.get_by_role("button", name="Run it here").wait_for()
    lesson = LESSONS["hidden_layer"]
    expect(page.locator(".st-key-lesson")).to_have_count(0)

    page.get_by_role("button", name="Lessons").click()
    for each in LESSONS.values():
        expect(page.get_by_role("menuitem", name=each.title)).to_be_attached()
    page.get_by_role("menuitem", name=lesson.title).click()

    card = page.locator(".st-key-lesson")
    expect(card).to_contain_text(lesson.question)
    expect(card).to_contain_text(lesson.look_at)
    page.wait_for_url("**data=xor**")
    expect(slider(page, "Hidden units")).to_have_count(0)
    expect(page.locator(".player")).to_be_visible()
    expect(page.get_by_text(lesson.answer)).to_have_count(0)
    page.get_by_role("button", name="What happens?").click()
    expect(page.get_by_text(lesson.answer)).to_be_visible()

    page.get_by_role("button", name="Show hidden units 16").click()
    expect(slider(page, "Hidden units")).to_have_value(str(*lesson.beside.hidden_units))
    expect(card).to_contain_text(lesson.question)
    settled(page)
    slider(page, "Learning rate").press("ArrowRight")
    expect(card).to_contain_text("You have left the lesson's settings.")
    page.get_by_role("button", name="Back to the lesson").click()
    expect(slider(page, "Hidden units")).to_have_count(0)

    page.get_by_role("button", name="Next", exact=True).click()
    _, following, *_ = list(LESSONS)[list(LESSONS).index("hidden_layer") :]
    expect(card).to_contain_text(LESSONS[following].question)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(card).to_have_count(0)


@pytest.mark.alone  # a server that others keep busy answers it too late
@pytest.mark.usefixtures("no_errors")
def test_train_on_plays_the_film_on_from_its_old_end_and_undo_rests_there_again(
    page: Page, server: Server
) -> None:
    page.add_init_script(RECORD)
    page.goto(f"{server.address}?seed=41&epoch=30")
    expect(page.locator(".where")).to_contain_text("After 30 of 50 epochs")
    settled(page)
    page.wait_for_timeout(600)  # now the run counts as looked at
    in_motion(page)
    page.evaluate("window.seen = []")
    page.get_by_role("button", name="Train on").click()
    expect(page.locator(".where")).to_contain_text("of 100 epochs")
    at_rest(page, 100)

    epochs = seen(page)
    on = epochs[epochs.index(50) :]
    assert set(epochs[: epochs.index(50)]) <= {30}
    assert on == sorted(on)
    assert len(set(on)) > 10
    expect(figure(page, "Loss")).to_have_text(final_loss(epochs=100, seed=41))
    page.wait_for_url(f"{server.address}?epochs=100&seed=41")

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".where")).to_contain_text("After 50 of 50 epochs")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.slow
def test_where_a_run_cannot_go_on_its_button_is_away() -> None:
    def is_away(**query: str) -> bool:
        return opened_without_browser(**query).button(key="train_on").disabled

    assert is_away()  # the first story has its own next step
    assert not is_away(epochs="5000")
    assert is_away(epochs="10000")
    assert is_away(epochs="5001")
    assert is_away(data="hills", lr="10")  # the run breaks


def test_where_the_best_state_is_kept_the_training_starts_over_and_that_is_said() -> None:
    page = opened_without_browser(data="moons", test="0.3", keep="best", lr="0.3")

    assert page.button(key="train_on").help.endswith("which is kept, may not be the last.")


def test_a_schedule_that_depends_on_the_epochs_is_trained_from_the_start_and_that_is_said() -> None:
    for schedule, words in (("constant", "from the current weights."), ("cosine", "starts over, ")):
        button = opened_without_browser(schedule=schedule, seed="1").button(key="train_on")
        assert words in button.help
        page = button.click().run()

        longer = Settings(schedule=schedule, epochs=100, seed=1)
        assert page.session_state[VISIT].settings == longer
        assert printed(page) == train(longer).losses.tolist()


@pytest.mark.slow
def test_who_goes_on_alone_is_not_led_back_over_what_they_did() -> None:
    tried(Settings())
    page = opened_without_browser()
    for _ in range(2):
        page.button(key="read on").click().run()
    page.button(key="suggestion_0").click().run()
    assert "undo" in keys(page)

    page.slider(key="hidden").set_value(7)
    page.run()
    assert "undo" not in keys(page)


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_a_link_to_a_lessons_settings_opens_it(name: str) -> None:
    lesson = LESSONS[name]
    page = opened_without_browser(**shortened(lesson.settings, View()))

    assert not page.exception
    assert lesson.question in words_of(page)
    assert "compare" in keys(page)


@pytest.mark.usefixtures("no_errors")
@pytest.mark.parametrize("name", ["deep_sigmoids", "learning_rate"])
def test_a_lessons_strip_leaves_the_whole_stage_above_the_fold(
    page: Page, server: Server, name: str
) -> None:
    settings = urlencode(shortened(LESSONS[name].settings, View()), doseq=True)
    opened(page, f"{server.address}?{settings}")

    expect(page.locator(".st-key-lesson")).to_contain_text(LESSONS[name].question)
    for part in (".stage", ".bar >> nth=0", ".key"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800


def test_the_page_opens_without_a_lesson_though_the_article_is_half_of_one() -> None:
    assert "compare" not in keys(opened_without_browser())
