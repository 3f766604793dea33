"""Links to files, and the memory used by files."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from streamlit.testing.v1 import AppTest

from tests.browser import Server, settled, slider
from tests.browser import opened as opened_in_a_browser
from tests.combinations import run_beside_its_file
from tests.file_panel import OWN, asked_for_a_file, bring, refusal_of
from tests.frames import MIXED, sheet_of
from tests.oracle import article_loop
from tests.page_in_app_test import opened, printed
from tests.stores import finish
from tests.test_app import seen
from tinynet import Settings, Table, table, to_script, train
from tinynet.links.pins import Pin
from tinynet.serving.store import OVERHEAD, RunStore
from tinynet.settings import DATA
from tinynet.ui.runs import STORE
from tinynet.ui.session import VISIT
from tinynet.ui.sidebar import shelf
from tinynet.ui.sidebar.file_actions import opened_by
from tinynet.ui.sidebar.shelf import FILES
from tinynet.ui.story.share import OPEN as SHARE
from tinynet.user_data.examples import EXAMPLES


def query_of(page: AppTest) -> dict[str, Any]:
    return {name: page.query_params[name] for name in page.query_params}


def asked_by(page: AppTest) -> str:
    return "".join(seen(each.value) for each in page.markdown)


@pytest.mark.slow
def test_a_link_to_a_file_asks_for_it_and_with_it_shows_the_same_run() -> None:
    page = bring(asked_for_a_file(), OWN)
    link = query_of(page)

    other = opened(**link)
    assert "This link needs a file: own.csv, 40 rows. Upload it here." in asked_by(other)
    bring(other, OWN.replace("\n", "\r\n"))

    assert printed(other) == printed(page)
    assert query_of(other) == link


def test_while_a_link_waits_for_its_file_the_address_and_the_link_to_share_stay() -> None:
    pin = Pin(Settings(data=table(sheet_of(MIXED), target="price"))).text()
    link = query_of(bring(asked_for_a_file(), OWN)) | {"pin": pin}

    page = opened(**link)
    page.session_state[SHARE] = True
    page.slider(key="hidden").set_value(3).run()

    assert query_of(page) == link
    assert parse_qs(urlsplit(page.code[0].value).query) == parse_qs(urlencode(link))


@pytest.mark.slow
def test_who_picks_other_data_waits_for_no_file() -> None:
    page = opened(**query_of(bring(asked_for_a_file(), OWN)))

    page.selectbox(key=DATA.parameter).select("moons").run()
    assert page.query_params["data"] == "moons"
    page.selectbox(key=DATA.parameter).select(Table.kind).run()

    assert "This link needs a file" not in asked_by(page)


def test_while_a_link_waits_for_its_file_no_other_file_is_trained_on() -> None:
    link = query_of(bring(asked_for_a_file(), OWN))
    page = opened(**link)
    before = printed(page)

    other = table(sheet_of(MIXED), target="price")
    brought = {Table.kind: other}  # as after Back from this file to the link
    page.session_state[VISIT] = replace(page.session_state[VISIT], brought=brought)
    page.run()

    assert "This link needs a file: own.csv" in asked_by(page)
    assert printed(page) == before == printed(opened(**{**link, "data": "dummy"}))


def test_a_file_whose_link_has_a_device_that_is_not_here_is_trained_on_the_cpu() -> None:
    page = bring(asked_for_a_file(), OWN)
    link, losses = query_of(page), printed(page)
    pin = Pin(Settings(device="xpu:7", seed=3))

    page = bring(opened(**link, device="xpu:7", pin=pin.text()), OWN)

    assert not page.error
    assert printed(page) == losses
    assert "no xpu:7 here" in seen(page.warning[0].value)
    assert page.session_state[VISIT].pins == (Pin(Settings(seed=3)),)


def test_with_its_file_a_link_has_its_pins_of_other_files_that_are_here() -> None:
    link = query_of(bring(asked_for_a_file(), OWN))
    here = table(sheet_of(MIXED), target="price")
    gone = table(sheet_of(MIXED + "c4;9,5;red;False;7;;9\n"), target="price")
    page = opened(**link, pin=[Pin(Settings(data=each)).text() for each in (here, gone)])

    page.session_state[FILES] = shelf.Files()
    page.session_state[FILES].sheets = (here.sheet,)
    bring(page, OWN)

    assert page.session_state[VISIT].pins == (Pin(Settings(data=here)),)
    [notice] = page.warning
    assert seen(notice.value).endswith("It needs a file that is not here.")


@pytest.mark.slow
def test_another_file_with_the_same_columns_may_be_brought_and_that_is_said() -> None:
    link = query_of(bring(asked_for_a_file(), OWN))

    page = bring(opened(**link), OWN.replace("39,4,b", "39,5,b"))

    assert "not the file of the link" in page.info[0].value
    assert page.query_params["epochs"] == link["epochs"]
    assert page.query_params["data"].split(".")[5:] == link["data"].split(".")[5:]


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.label)
def test_a_link_to_an_example_opens_directly(example: Any) -> None:
    settings = opened_by(example)

    page = opened(data=DATA.text(settings.data), epochs="20")

    assert not page.warning
    assert not page.error
    run = train(Settings(epochs=20, data=settings.data))
    assert printed(page) == [float(str(each)) for each in run.losses.tolist()]


@pytest.mark.slow
def test_what_was_made_of_a_file_goes_with_the_last_who_has_it() -> None:
    opened()  # objects of the server's first visitor are exempt from garbage collection
    rows = OWN.replace("39,", "49,")
    page = bring(asked_for_a_file(), rows, "gone.csv")
    other = bring(asked_for_a_file(), rows, "gone.csv")

    def made_of_it() -> int:
        opened()  # any visitor's request for the page
        return sum(
            isinstance(each, Settings)
            and isinstance(each.data, Table)
            and each.data.sheet.name == "gone.csv"
            for each in STORE._entries
        )

    assert made_of_it() == 1
    del page
    gc.collect()
    assert made_of_it() == 1
    del other
    gc.collect()
    assert made_of_it() == 0


def test_files_have_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "BUDGET", 1_000)

    page = bring(asked_for_a_file(), MIXED)

    assert refusal_of(page) == "The memory for files is full at the moment. Please try again later."


def test_files_are_counted_while_other_visitors_bring_theirs() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as visitors:
            brought = [visitors.submit(shelf.Files) for _ in range(2_000)]
            while not all(each.done() for each in brought):
                shelf._LEFT.add("someone")
                shelf.forget_orphans(lambda _: None)
    finally:
        sys.setswitchinterval(interval)

    assert all(each.result() in shelf._OF_ALL for each in brought)


def test_the_store_counts_a_file_once_and_lets_it_go_with_its_last_run() -> None:
    store = RunStore()
    data = table(sheet_of(OWN), target="kind")
    for seed in range(3):
        run = finish(store, Settings(data=data, seed=seed))

    assert store.nbytes == 3 * (run.nbytes + OVERHEAD) + data.nbytes
    store.forget(lambda settings: settings.data == data)
    assert (store.nbytes, len(store)) == (0, 0)


SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"


def test_in_a_browser_a_link_with_the_same_file_shows_the_same_run_and_no_markup_of_it(
    page: Page, context: BrowserContext, server: Server
) -> None:
    evil = "<img src=x onerror=document.title='gone'>*b*"
    rows = f"{evil},w,kind\n" + "".join(
        f"{n % 9},{n % 5},{(evil, 'b', 'c')[n % 3]}\n" for n in range(60)
    )
    file = FilePayload(name="evil.csv", mimeType="text/csv", buffer=rows.encode())
    lines = page.locator("pre.plain").filter(has_text="epoch:  0")

    opened_in_a_browser(page, server.address)
    page.locator(f".st-key-{DATA.parameter} input").click()
    page.get_by_role("option", name="A file, digits, iris…").click()
    page.locator(".st-key-file input[type=file]").set_input_files(file)
    page.wait_for_url("**data=file.evil.csv.60.*")
    settled(page)
    other = context.new_page()
    opened_in_a_browser(other, page.url)
    expect(
        other.get_by_text("This link needs a file: evil.csv, 60 rows. Upload it here.")
    ).to_be_visible()
    other.locator(".st-key-file input[type=file]").set_input_files(file)
    other.wait_for_url("**data=file.evil.csv.60.*")
    settled(other)

    theirs = other.locator("pre.plain").filter(has_text="epoch:  0")
    expect(theirs).to_have_text(lines.inner_text(), use_inner_text=True)
    settings = Settings.starting(table(sheet_of(rows, "evil.csv"), target="kind"))
    last = run_beside_its_file(settings, to_script(settings))[-1]
    assert last in lines.inner_text()
    preview = page.locator(".st-key-file").get_by_test_id("stDataFrame")
    preview.scroll_into_view_if_needed()
    preview.hover()
    before = page.evaluate(SCROLLED)
    page.mouse.wheel(0, 100)
    page.wait_for_function(f"before => ({SCROLLED})() > before + 50", arg=before)
    assert page.locator("img[src=x]").count() == 0
    assert "gone" not in page.title()


STAGES = """() => {
  const stages = document.getElementsByClassName("st-key-player");
  const [first] = stages;
  window.seen = new Set();
  const name = (stage) => stage === first ? "the same" : "another";
  const look = () => seen.add([...stages].map(name).join());
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


def test_in_a_browser_the_stage_stays_where_it_is_while_what_a_file_needs_comes_and_goes(
    page: Page, server: Server
) -> None:
    opened_in_a_browser(page, server.address)
    page.evaluate(STAGES)
    for data, needed in (("A file, digits, iris…", 1), ("Circles", 0)):
        page.get_by_role("combobox", name="Data").click()
        page.get_by_role("option", name=data).click()
        settled(page)
        expect(page.locator(".st-key-file")).to_have_count(needed)

    assert page.evaluate("[...seen]") == ["the same"]  # never none, and never two


def test_in_a_browser_a_file_stays_whatever_the_sliders_are_set_to(
    page: Page, server: Server
) -> None:
    opened_in_a_browser(page, server.address)
    page.get_by_role("combobox", name="Data").click()
    page.get_by_role("option", name="A file, digits, iris…").click()
    page.locator(".st-key-file").get_by_role("button", name="Iris").click()
    panel = page.locator(".st-key-file")
    expect(panel).to_contain_text("iris.csv: 150 rows")
    for name in ("Epochs", "Learning rate", "Hidden units, layer 1"):
        for end in ("Home", "End"):
            slider(page, name).press(end)
            settled(page)
            expect(panel).to_contain_text("iris.csv: 150 rows")
    page.get_by_role("button", name="Back to the article").click()
    expect(panel).to_have_count(0)


def test_an_example_tells_that_it_brought_its_settings_along_and_can_be_undone() -> None:
    page = opened()
    page.selectbox(key=DATA.parameter).set_value(Table.kind).run()
    page.button(key=f"example {EXAMPLES[0].label}").click().run()
    assert any("settings came with the data" in each.value for each in page.markdown)

    page.button(key="undo").click().run()

    assert not any("settings came with the data" in each.value for each in page.markdown)
    assert printed(page) == article_loop([5], 0.01, 50, seed=0)["losses"]
