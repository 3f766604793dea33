"""Texts of addresses and files in a real browser: they appear as plain text only."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser import CURVE, Server, opened, settled
from tests.test_app import seen
from tinynet.settings import DATA
from tinynet.ui.text import inert
from tinynet.user_data.reference import Reference

EVIL = "evil.example"
HOSTILE = (
    *(EVIL, f"www.{EVIL}", f"wWw.{EVIL}", f"(www.{EVIL})", f"_www.{EVIL}_", f"\\www.{EVIL}"),
    *(f"http://{EVIL}", f"HTTPS://{EVIL}/a", f"<http://{EVIL}>", f"//{EVIL}", f"ftp://{EVIL}"),
    *("a@evil.example", "mailto:a@evil.example", "xmpp:a@evil.example", "<a@evil.example>"),
    *("[a](http://evil.example)", "[a](//evil.example 'b')", "![a](//evil.example/a.png)"),
    *("<a href=//evil.example>a", "<img src=//evil.example/a>", "<b>a</b>", "a<br>b", "&lt;b"),
    *(":red[a]", ":blue-background[a]", ":small[a]", ":material/home:", ":material_home:"),
    *(":smile:", ":+1:", ":streamlit:", "$a$", "$$a$$", r"\$a$", r"\(a\)", "a[^1]", "[^1]: a"),
    *("a -> b", "a <-> b -- c", "a >= b ~= c", "**a**", "_a_", "~~a~~", "`a`", "# a", "> a"),
    *("- a", "+ a", "1. a", "2) a", "| a | b |", "---", "[a]: //evil.example", "{a}", "&copy;"),
)
NAMES = [each for each in HOSTILE if each[:1] not in "=+-"]  # characters that can start a formula
INPUT, TARGET, WORDS = f"www.{EVIL} :red[a]", "a@evil.example $a$", ":smile: http://evil.example"

HREFS = "all => all.map(a => a.getAttribute('href') ?? a.getAttribute('xlink:href') ?? '')"
SMALLEST = "hidden~4~5~seed~0~1~loss"  # a map that soon reaches its finest resolution
PINS = ".st-key-pinned [data-testid=stPopover] button"


def file_of(rows: Sequence[Sequence[object]], name: str) -> FilePayload:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return FilePayload(name=name, mimeType="text/csv", buffer=text.getvalue().encode())


def hostile_file() -> FilePayload:
    """Return a file whose every name and word is hostile; most columns are uninformative."""
    formula = f"[a](//{EVIL})"
    rows: list[list[object]] = [[INPUT, WORDS, *NAMES, formula, TARGET]]
    for row in range(60):
        word, answer = NAMES[row % 7], NAMES[7 + row % 5]
        rows.append([row % 11, word, *["same"] * len(NAMES), f"=www.{EVIL}", answer])
    return file_of(rows, f"www.{EVIL}.csv")


def bring(page: Page, file: FilePayload) -> None:
    page.locator(".st-key-file input[type=file]").set_input_files(file)


def ask_for_a_file(page: Page, server: Server) -> None:
    opened(page, server.address)
    page.locator(f".st-key-{DATA.parameter} input").click()
    page.get_by_role("option", name="A file, digits, iris…").click()


def check_that_nothing_came_alive(page: Page) -> None:
    """Check that no link or image of the page comes from a text."""
    links = page.locator("a").evaluate_all(HREFS)
    images = page.locator("img").evaluate_all("all => all.map(img => img.src)")
    made = (EVIL, "emoji", "user-content")  # the last marks a footnote
    assert [each for each in (*links, *images) if any(part in each.lower() for part in made)] == []
    assert page.locator(".katex").count() == 0


def text_of(place: Locator) -> str:
    return seen(place.inner_text().replace("\\", "\0")).replace("\0", "\\")


@pytest.mark.parametrize("text", HOSTILE)
def test_the_markdown_of_a_text_holds_the_text_itself(text: str) -> None:
    assert seen(inert(text)) == text.replace("\\", "")


@pytest.mark.usefixtures("no_errors")
def test_no_text_of_a_file_is_more_than_a_text(page: Page, server: Server) -> None:
    ask_for_a_file(page, server)

    bring(page, hostile_file())
    page.wait_for_url(f"**data=file.www.{EVIL}.*")
    settled(page)

    panel = page.locator(".st-key-file")
    story = panel.get_by_test_id("stMarkdown").filter(has_text="Left out")
    expect(story).to_be_visible()
    for name in NAMES:
        assert f"Left out: “{name}” is the same in all rows." in text_of(story)
    assert f"“[a](//{EVIL})” holds a formula, “=www.{EVIL}”" in text_of(story)
    label = text_of(panel.locator("summary"))
    assert f"www.{EVIL}.csv: 60 rows, " in label
    assert label.endswith(f"target “{TARGET}”")
    expect(panel.get_by_test_id("stMultiSelect")).not_to_have_text("Input columns")
    chips = text_of(panel.get_by_test_id("stMultiSelect"))
    assert INPUT in chips
    assert WORDS in chips
    check_that_nothing_came_alive(page)

    page.get_by_role("combobox", name="Target").click()
    options = page.get_by_role("option")
    expect(options.filter(has_text=TARGET)).to_be_visible()
    assert text_of(options.first) == INPUT
    check_that_nothing_came_alive(page)
    page.keyboard.press("Escape")

    panel.get_by_test_id("stDataFrame").hover()
    panel.get_by_role("button", name="Show/hide columns").click()
    menu = page.get_by_test_id("stDataFrameColumnVisibilityMenu")
    expect(menu).to_contain_text(NAMES[0])
    assert text_of(menu).splitlines()[2:] == [INPUT, WORDS, *NAMES, f"[a](//{EVIL})", TARGET]
    check_that_nothing_came_alive(page)


@pytest.mark.usefixtures("no_errors")
@pytest.mark.parametrize("tab", ["Look inside", "Compare", "Code"])
def test_no_tab_makes_more_of_a_file(page: Page, server: Server, tab: str) -> None:
    ask_for_a_file(page, server)
    bring(page, hostile_file())
    page.wait_for_url(f"**data=file.www.{EVIL}.*")
    settled(page)
    confusion = page.locator("table.confusion").last  # below the scores of each class
    expect(confusion).to_be_visible()
    for word in NAMES[7:12]:
        assert word[:16].strip() in confusion.inner_text()

    page.get_by_role("radio", name=tab).click()
    settled(page)
    if tab == "Compare":
        page.get_by_role("button", name="Pin this run").click()
        page.locator(PINS).filter(has_text="data www").wait_for()
        settled(page)

    check_that_nothing_came_alive(page)


@pytest.mark.usefixtures("no_errors")
@pytest.mark.parametrize("name", [HOSTILE[1], HOSTILE[6], HOSTILE[12], *HOSTILE[18:20]])
def test_a_refusal_quotes_a_name_as_it_is(page: Page, server: Server, name: str) -> None:
    ask_for_a_file(page, server)

    bring(page, file_of([["a", name], *[[1, 2]] * 5], "own.csv"))

    refusal = page.locator(".st-key-file").get_by_test_id("stAlert")
    expect(refusal).to_be_visible()
    assert f"The target “{name}” is the same in all rows: nothing to learn." in text_of(refusal)
    check_that_nothing_came_alive(page)


@pytest.mark.usefixtures("no_errors")
def test_no_text_of_an_address_is_more_than_a_text(page: Page, server: Server) -> None:
    reference = Reference(f"www.{EVIL}", 10, "0123456789abcdef", 0, (1,), "binary").word()
    others = {each.strip(): HOSTILE[8] for each in ("epoch", "lr", "hidden", "map", "device")}
    query = {"data": f"file.{reference}", "tab": "Compare", **others}
    page.goto(f"{server.address}?{urlencode(query)}")

    invitation = page.locator(".st-key-file").get_by_test_id("stMarkdown").first
    expect(invitation).to_contain_text("This link needs a file")
    settled(page)
    assert f"This link needs a file: www.{EVIL}, 10 rows. Upload it here." in text_of(invitation)
    check_that_nothing_came_alive(page)


@pytest.mark.usefixtures("no_errors")
def test_the_name_of_a_pin_is_a_name(page: Page, server: Server) -> None:
    names = [f"www.{EVIL}", f"http://{EVIL}", f"a@{EVIL}", "<b>a</b>", "$a$", "1. a", "a -- b"]
    pins = [f"{name}~seed~{seed}~epochs~5" for seed, name in enumerate(names, start=1)]
    query = urlencode({"tab": "Compare", "map": SMALLEST, "pin": pins}, doseq=True)
    page.goto(f"{server.address}?{query}")

    rows = page.locator(PINS)
    expect(rows).to_have_count(len(names))
    page.locator(f".st-key-pins-chart {CURVE.rpartition(' ')[2]}").last.wait_for()
    expect(page.get_by_text("4 networks", exact=True)).to_be_visible()
    settled(page)
    told = [text_of(each) for each in rows.all()]
    shown = [f"www.{EVIL}", f"http //{EVIL}", f"a {EVIL}", "b a /b", "a", "1. a", "a -- b"]
    assert [each.splitlines()[0] for each in told] == shown
    chart = page.locator(".st-key-pins-chart")
    chart.locator(".nsewdrag").hover(position={"x": 56, "y": 60})
    expect(chart.locator(".hoverlayer")).to_contain_text(shown[0])
    check_that_nothing_came_alive(page)
