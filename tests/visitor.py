"""A visitor without a browser: a websocket session that moves sliders and reads the chart.

Like the page's scripts, it sends Streamlit's own messages and requests the rest of the page. A
hundred such visitors and the server fit on a small machine.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection, connect

Result = TypeVar("Result")
BROKEN_OFF = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # stopped by a rerun that is about to begin


@dataclass
class Answer:
    """The answer to a move: the times, the losses on the chart, and any errors."""

    seconds: float = 0.0  # until the whole page was complete
    seen: float = 0.0  # until the losses arrived
    losses: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Visitor:
    """A session; `move` moves a slider and returns the page's answer."""

    def __init__(
        self, connection: ClientConnection, query: str = "", *, is_scrolled: bool = False
    ) -> None:
        self.connection = connection
        self._is_scrolled = is_scrolled  # whether the part below the stage is in sight
        self._query = query
        self.session_id = ""  # the server's id of the session
        self.buttons: dict[str, str] = {}  # ids of the buttons by label
        self._sliders: dict[str, Slider] = {}
        self._parts: dict[str, str] = {}  # the fragment of each component
        self._values: dict[str, float] = {}
        self._listener = (
            "",
            "",
        )  # the component that requests the rest, and its fragment
        self._below = "", ""  # the component that requests the part below
        self._wanted: list[tuple[str, str]] = []  # the next requests, as such pairs
        self._at_rest = ("", ""), 0.0  # the request to make after some idle seconds

    async def move(self, **values: float) -> Answer:
        """Set the sliders with these labels (no values: load the page); return the answer.

        Like the browser, it then requests the rest of the page, and more of a long run.
        """
        return await self.request(self.compose(**values))

    async def request(self, first: BackMsg) -> Answer:
        """Send a message, and all requests that follow; return the answer."""
        message: BackMsg | None = first
        start = perf_counter()
        answer = Answer()
        while message:
            await self.send(message)
            await self._answer(answer, start)
            message = self._next()
        answer.seconds = perf_counter() - start
        return answer

    async def rest(self, seconds: float) -> Answer:
        """Stay idle for some seconds; like the browser, make the requests due after that time."""
        answer, start = Answer(), perf_counter()
        while True:
            asking, pause = self._at_rest
            left = seconds - (perf_counter() - start)
            if not asking[0] or pause > left:
                await asyncio.sleep(max(0, left))
                return answer
            self._at_rest = ("", ""), 0.0
            await asyncio.sleep(pause)
            await self.send(self._asked(*asking))
            await self._answer(answer, start)

    def _next(self) -> BackMsg | None:
        """Return the next request that the browser would make after painting."""
        return self._asked(*self._wanted.pop(0)) if self._wanted else None

    def _asked(self, component: str, part: str) -> BackMsg:
        """Return the message by which a component requests a part of the page."""
        message = self.compose()
        message.rerun_script.fragment_id = part
        message.rerun_script.widget_states.widgets.add(
            id=f"$$STREAMLIT_INTERNAL_KEY_{component}__events",
            json_trigger_value=json.dumps([{"event": "more", "value": 1}]),
        )
        return message

    def compose(self, **values: float) -> BackMsg:
        """Return the browser's message with these slider values."""
        self._values |= values
        message = BackMsg()
        message.rerun_script.query_string = self._address()
        for label, value in self._values.items():
            slider = self._sliders[label]
            if label in values:
                message.rerun_script.fragment_id = self._parts.get(slider.id, "")
            state = message.rerun_script.widget_states.widgets.add(id=slider.id)
            if slider.type == Slider.SELECT_SLIDER:
                state.string_array_value.data.append(f"{value:g}")
            else:
                state.double_array_value.data.append(value)
        return message

    def click(self, label: str) -> BackMsg:
        """Return the browser's message for a click on a button."""
        message, button = self.compose(), self.buttons[label]
        message.rerun_script.fragment_id = self._parts[button]
        message.rerun_script.widget_states.widgets.add(id=button, trigger_value=True)
        return message

    async def send(self, message: BackMsg) -> None:
        """Send a message without waiting for an answer."""
        await self.connection.send(message.SerializeToString())

    def hang_up(self) -> None:
        """Disconnect without closing, as a closed laptop does."""
        self.connection.transport.abort()

    async def ignore_all(self) -> None:
        """Receive all messages of the server and discard them."""
        async for _ in self.connection:
            pass

    async def scripts(self) -> AsyncIterator[None]:
        """Receive all messages of the server; yield each time a script starts."""
        async for data in self.connection:
            if ForwardMsg.FromString(data).WhichOneof("type") == "new_session":
                yield

    def _address(self) -> str:
        """Return the query of the address in the browser's address bar."""
        bound = {label: self._sliders[label].query_param_key for label in self._values}
        moved = {bound[label]: f"{self._values[label]:g}" for label in bound if bound[label]}
        return urlencode(dict(parse_qsl(self._query)) | moved) if moved else self._query

    async def _answer(self, answer: Answer, start: float) -> None:
        async for data in self.connection:
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                before = answer.losses
                self._take_in(message.delta, answer)
                if answer.losses is not before:
                    answer.seen = perf_counter() - start
            elif kind == "new_session":
                self.session_id = message.new_session.initialize.session_id
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif is_the_end(message):
                return
        answer.errors.append("The server closed the session.")

    def _take_in(self, delta: Any, answer: Answer) -> None:
        element, kind = delta.new_element, delta.new_element.WhichOneof("type")
        if kind == "slider":
            self._sliders[element.slider.label] = element.slider
            self._parts[element.slider.id] = delta.fragment_id
        elif kind == "button":
            self.buttons[element.button.label] = element.button.id
            self._parts[element.button.id] = delta.fragment_id
        elif kind == "plotly_chart":
            answer.losses = _losses(json.loads(element.plotly_chart.spec))
        elif kind == "bidi_component":
            self._take_in_component(element.bidi_component, delta.fragment_id, answer)
        elif kind == "exception":
            answer.errors.append(f"{element.exception.type}: {element.exception.message}")

    def _take_in_component(self, component: Any, part: str, answer: Answer) -> None:
        if component.component_name == "tinynet_player":
            facts = facts_of(component.bytes)
            answer.losses = losses_of_the_stage(component.bytes, facts) or answer.losses
        elif component.component_name == "tinynet_asking":
            facts = json.loads(component.mixed.json or component.json)
            if facts.get("watches"):
                self._below = component.id, part
            elif facts.get("listens"):
                self._listener = component.id, part
                if facts["tells"] and self._is_scrolled:
                    self._wanted.append(self._below)
            else:
                self._ask(facts, component.id, part)

    def _ask(self, asking: dict[str, Any], component: str, part: str) -> None:
        """Record the requests that the browser would make after painting this."""
        if asking.get("rest"):
            self._wanted.append(self._listener)
        if asking.get("more") and asking["after"]:
            self._at_rest = (component, part), asking["after"] / 1_000
        elif asking.get("more"):
            self._wanted.append((component, part))


def is_the_end(message: ForwardMsg) -> bool:
    """Tell whether a script has ended without being interrupted."""
    finished = message.WhichOneof("type") == "script_finished"
    return finished and bool(message.script_finished != BROKEN_OFF)


@asynccontextmanager
async def visiting(
    address: str, *, wait: bool = True, is_scrolled: bool = False, **how: Any
) -> AsyncIterator[tuple[Visitor, Answer]]:
    """Open a page; yield the visitor, and the answer to the first load if it is awaited."""
    place, _, query = address.partition("?")
    stream = place.replace("http", "ws", 1) + "_stcore/stream"
    how = {"subprotocols": ["streamlit"], "max_size": None} | how
    async with connect(stream, **how) as connection:
        visitor = Visitor(connection, query, is_scrolled=is_scrolled)
        if wait:
            yield visitor, await visitor.move()
        else:
            await visitor.send(visitor.compose())
            yield visitor, Answer()


async def open_and_leave(address: str) -> None:
    """Open a page, wait for all of it, and leave."""
    async with visiting(address):
        pass


def run(visit: Coroutine[Any, Any, Result]) -> Result:
    """Run a visit in its own thread, because Playwright has an event loop in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


def facts_of(message: bytes) -> dict[str, Any]:
    """Return the facts of a stage's message: the JSON before its numbers."""
    facts: dict[str, Any] = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
    return facts


def losses_of_the_stage(message: bytes, facts: dict[str, Any]) -> list[float]:
    """Return the losses of the run on the stage."""
    end = 4 + int.from_bytes(message[:4], "little")
    if not (chart := facts.get("chart")):
        return []
    place = next(each["y"] for each in chart["lines"] if each["name"] == chart["layout"]["meta"])
    start = end + 4 * (facts["fieldStart"] + place["start"])
    losses: list[float] = np.frombuffer(message, "<f4", place["shape"][0], start).tolist()
    return losses


def _losses(figure: Any) -> list[float]:
    y = [trace for trace in figure["data"] if trace["mode"] == "lines"][-1]["y"]
    if isinstance(y, dict):  # plotly encodes arrays as bytes
        y = np.frombuffer(base64.b64decode(y["bdata"]), np.dtype(y["dtype"])).tolist()
    losses: list[float] = y
    return losses
