"""Films that grow: in a notebook, a shown film follows the loop, and the loop does not notice."""

from __future__ import annotations

import gzip
import json
import sys
from base64 import b64decode, b64encode
from types import SimpleNamespace
from typing import Any

import anywidget
import pytest
import torch
from playwright.sync_api import BrowserContext, expect
from torch import nn

from tests.browser import blank
from tests.forks import run_fresh
from tests.take_home import printed_by, run_notebook
from tests.test_readme import HERE
from tests.test_watch import X, Y
from tinynet import watch
from tinynet.export import growing
from tinynet.export.growing import REST, Growth
from tinynet.export.living import film_data, to_frame
from tinynet.export.living_page import MOST_BYTES
from tinynet.stage.assets import WIDGET

VIEW = "application/vnd.jupyter.widget-view+json"
SETUP = f"""{HERE}
import time, torch
from torch import nn
torch.manual_seed(0)
x = torch.randn(40, 2)
y = (x[:, :1] > x[:, 1:]).float()
model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Dropout(0.2), nn.Linear(6, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
"""
WATCH = """
import tinynet
film = tinynet.watch(model, x, y, criterion)
film
"""
NOTE = """
times = []
film._widget.observe(lambda _: times.append(time.monotonic()), "film")
"""
LOOP = """
for epoch in range(300):
    for rows in torch.split(torch.randperm(40), 16):
        optimizer.zero_grad()
        criterion(model(x[rows]), y[rows]).backward()
        optimizer.step()
    {record}
"""
BITS = "print([each.tolist() for each in model.state_dict().values()], torch.rand(3).tolist())"
PAUSES = "print([b - a for a, b in zip(times, times[1:])])"
# A widget's model, as anywidget hands it to a script.
MOUNT = """async ([script, frame, film]) => {
  const { default: widget } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const view = (text) => new DataView(bytes(text).buffer);
  const listeners = new Set();
  const held = { frame, film: view(film) };
  const model = {
    get: (name) => held[name],
    on: (event, listener) => event === "change:film" && listeners.add(listener),
    off: (event, listener) => listeners.delete(listener),
    send: () => { window.asked = (window.asked ?? 0) + 1; },
  };
  window.grow = (film) => { held.film = view(film); for (const each of listeners) each(); };
  widget.render({ model, el: document.body });
}"""


@pytest.mark.slow
def test_in_a_real_kernel_it_grows_and_the_loop_keeps_its_bits() -> None:
    record = "film.record(); time.sleep(0.01)"
    cells = [SETUP + WATCH, f"{NOTE}{LOOP.format(record=record)}\n{BITS}\n{PAUSES}"]
    notebook = run_notebook(notebook_of(*cells))
    [shown] = notebook.cells[0].outputs
    model = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"][
        shown.data[VIEW]["model_id"]
    ]
    [film] = [b64decode(each["data"]) for each in model["buffers"] if each["path"] == ["film"]]
    bits, pauses = printed_by(notebook)

    assert {"text/html", "text/plain", VIEW} == set(shown.data)
    assert bits == run_fresh(f"{SETUP}{LOOP.format(record='')}\n{BITS}")[0]
    assert all(pause >= REST for pause in json.loads(pauses))
    assert 0 < facts_of(film)["of"] <= 300
    assert len(film) <= MOST_BYTES


def notebook_of(*sources: str) -> str:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    cells = [cell | {"id": str(place), "source": each} for place, each in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def facts_of(film: bytes) -> dict[str, Any]:
    """Return the facts at the start of the data of a film."""
    message = gzip.decompress(film)[4:]
    facts: dict[str, Any] = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
    return facts


class Widget:
    """Counts what it is given."""

    film = b""


def test_what_the_last_update_lacks_is_sent_when_it_is_asked_for() -> None:
    film, widget = watch(nn.Linear(2, 1), X, Y, nn.BCEWithLogitsLoss()), Widget()
    growth = Growth(film, widget)
    film.listeners.append(growth.go_on)
    growth.due = float("inf")  # no update is due before the loop ends
    film.record()
    assert not widget.film

    growth.catch_up()
    assert facts_of(widget.film)["epochs"] == [0, 1]
    widget.film = b""
    growth.catch_up()
    assert not widget.film  # nothing new


def test_without_anywidget_it_is_shown_as_html(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    film = watch(nn.Linear(2, 1), X, Y, nn.BCEWithLogitsLoss())

    data, metadata = film._repr_mimebundle_()
    assert data == {"text/plain": repr(film), "text/html": film._repr_html_()}
    assert metadata == {}


def test_marimo_shows_the_widget_and_without_anywidget_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "marimo", SimpleNamespace(Html=str))
    film = watch(nn.Linear(2, 1), X, Y, nn.BCEWithLogitsLoss())
    assert isinstance(film._display_(), anywidget.AnyWidget)  # which marimo displays itself

    monkeypatch.setitem(sys.modules, "anywidget", None)
    growing._kind.cache_clear()
    film = watch(nn.Linear(2, 1), X, Y, nn.BCEWithLogitsLoss())
    assert film._display_() == film._repr_html_()
    growing._kind.cache_clear()


def test_it_can_be_recorded_where_gradients_are_off_while_it_grows() -> None:
    film = watch(nn.Linear(2, 1), X, Y, nn.BCEWithLogitsLoss())
    film.listeners.append(film.to_film)
    with torch.inference_mode():
        film.record()

    assert film.to_film().gradients[1].tolist() == film.to_film().gradients[0].tolist()


@pytest.mark.parametrize("can_be_drawn", [True, False])
def test_in_a_browser_it_follows_the_loop_and_can_be_scrubbed_meanwhile(
    context: BrowserContext, can_be_drawn: bool
) -> None:
    model = (
        nn.Linear(2, 1)
        if can_be_drawn
        else nn.Sequential(nn.Linear(2, 1), nn.Unflatten(1, (1, 1)), nn.Flatten())
    )
    criterion: Any = nn.BCEWithLogitsLoss()
    film = watch(model, X, Y, criterion)
    optimizer = torch.optim.SGD(model.parameters(), 1)

    def go_on() -> str:
        for _ in range(10):
            optimizer.zero_grad()
            criterion(model(X), Y).backward()
            optimizer.step()
            film.record()
        return b64encode(film_data(film)).decode()

    with blank(context) as page:
        page.evaluate(MOUNT, [WIDGET, to_frame(film), go_on()])
        stage = page.frames[-1]
        story = stage.locator("main > p").first
        expect(story).to_contain_text("The loss fell from")
        if not can_be_drawn:
            expect(stage.locator(".js-line").first).to_be_visible()
            return
        where = stage.locator(".where")
        expect(where).to_contain_text("After 10 of 10 epochs")
        page.evaluate("(film) => window.grow(film)", go_on())
        expect(where).to_contain_text("After 20 of 20 epochs")  # it follows the end
        stage.locator(".player").press("Home")
        stage.locator(".player").press("ArrowRight")
        page.evaluate("(film) => window.grow(film)", go_on())
        expect(where).to_contain_text(
            f"After 1 of 30 epochs: loss of all rows {film.every_loss[1]:.4f}"
        )
        assert page.evaluate("window.asked") == 3  # once for each film
