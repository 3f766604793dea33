"""A teacher's own lessons, and a visitor's own script, on the page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from tests.browser import Server, opened, settled, slider
from tests.page_in_app_test import opened as opened_without_browser
from tests.test_app import words_of
from tests.test_living import HOSTILE as TAGS
from tests.test_living import Parsed
from tinynet import Settings, to_script
from tinynet.links.lessons import Lesson, link_to
from tinynet.ui.session import VISIT
from tinynet.ui.story.share import OPEN
from tinynet.ui.text import WORD_JOINER

HOSTILE = "<b>Is</b> www.evil.example [a link](http://evil.example) :smile: $x$?"
MINE = [
    Lesson(
        question=HOSTILE,
        title="One",
        answer="`No`",
        settings=Settings((3,), 0.5, 20),
        beside=Settings((3,), 1.0, 20),
    ),
    Lesson(question="And this?", settings=Settings(data="xor", epochs=20)),
]
SCRIPT = """
import torch
from torch import nn

torch.manual_seed(3)
model = nn.Sequential(nn.Linear(10, 7), nn.ReLU(), nn.Linear(7, 1), nn.Sigmoid())
"""


@pytest.mark.usefixtures("no_errors")
def test_a_link_opens_its_lessons_whose_texts_stay_texts(page: Page, server: Server) -> None:
    opened(page, link_to(server.address, MINE))
    strip = page.locator(".st-key-lesson")
    expect(strip).to_contain_text("One.")
    assert HOSTILE in strip.inner_text().replace(WORD_JOINER, "")
    expect(strip.locator("a, b, img")).to_have_count(0)
    expect(strip).to_contain_text("1 of 2")

    page.get_by_role("button", name="Show learning rate 1").click()
    page.wait_for_url("**lr=1&**")
    page.get_by_role("button", name="What happens?").click()
    expect(strip).to_contain_text("`No`")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(strip).to_contain_text("And this?")
    page.get_by_role("button", name="Lessons").click()
    expect(page.get_by_role("menuitem")).to_have_text(["1. One", "2. And this?"])
    assert parse_qs(urlsplit(page.url).query)["lesson"] == [each.text() for each in MINE]


def test_a_state_of_the_page_becomes_a_lesson_in_a_link() -> None:
    page = opened_without_browser(lr="0.5")
    page.session_state[OPEN] = True
    page.run().text_input[0].set_value("Why so fast?").run()
    (link,) = (each.value for each in page.code if "lesson=" in each.value)
    query = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}

    again = opened_without_browser(**query)
    assert "Why so fast" in words_of(again)
    assert again.session_state[VISIT].settings == Settings(learning_rate=0.5)


def test_a_pasted_script_sets_the_sliders_and_undo_goes_back() -> None:
    wanted = Settings((6, 2), 0.2, 30, data="moons", activation="tanh", optimizer="adam")
    page = opened_without_browser(tab="Code")
    page.text_area[0].set_value(to_script(wanted)).run()
    page.button(key="read script").click().run()
    assert page.session_state[VISIT].settings == wanted
    assert "lines were understood" in words_of(page)

    page.button(key="undo").click().run()
    assert page.session_state[VISIT].settings == Settings()
    page.text_area[0].set_value(SCRIPT + "model.fly()\n").run()
    page.button(key="read script").click().run()
    assert page.session_state[VISIT].settings.hidden_units == (7,)
    page.text_area[0].set_value("import os; os.system('no')\n[").run()
    page.button(key="read script").click().run()
    assert not page.exception
    assert "This line is not Python" in marked(page)[1][1]


def test_a_pasted_script_is_marked_line_by_line_and_stays_text() -> None:
    script = f"{SCRIPT.strip()}\n# {TAGS}\nprint(model)\nmodel.apply(print)\n"
    page = opened_without_browser(tab="Code")
    page.text_area[0].set_value(script).run()
    page.button(key="read script").click().run()
    code, marks = zip(*marked(page), strict=True)

    assert [*code] == script.split("\n")[:-1]
    assert marks[4] == "understood: hidden units 7; activation ReLU; the sigmoid of the output"
    assert {each: marks[each] for each in range(len(marks)) if marks[each]} == {
        3: "understood: seed 3",
        4: marks[4],
        7: "not taken over: TinyNet does not know this way to set the weights.",
    }


def marked(page: AppTest) -> list[tuple[str, str]]:
    """Return each line of the shown script, and its sign and words."""
    (shown,) = (each.value for each in page.html if 'class="marked"' in each.value)
    parsed = Parsed(shown)
    assert {tag for tag, _ in parsed.elements} == {"ol", "li", "i", "code", "span"}
    texts = {tag: parsed.all(tag) for tag in ("i", "code", "span")}
    return [
        (code, f"{attributes['aria-label']}: {words}" if attributes else "")
        for (attributes, _), (_, code), (_, words) in zip(*texts.values(), strict=True)
    ]


@pytest.mark.usefixtures("no_errors")
def test_a_script_is_pasted_in_a_browser_too(page: Page, server: Server) -> None:
    page.goto(f"{server.address}?tab=Code")
    page.get_by_text("Set the sliders by a script of your own").click()
    page.get_by_role("textbox", name="A PyTorch script that trains").fill(SCRIPT)
    page.get_by_role("button", name="Read it").click()
    settled(page)
    expect(slider(page, "Hidden units")).to_have_value("7")
