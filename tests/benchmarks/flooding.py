"""Hostile visitors in their own process, so that they do not slow the measuring process.

    python -m tests.benchmarks.flooding NAME ADDRESS SECONDS

The number and duration of the visits are bounded, and addresses of other machines are refused.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.visitor import Visitor, visiting

SMALL = 4096  # receive buffer, in bytes, of a session that never reads
CODE = "?tab=Code&epochs=10000"


@dataclass(frozen=True)
class Flood:
    """Sessions that each send messages at a rate, and read all answers or none."""

    write: Callable[[Visitor, int], BackMsg]
    per_second: float
    sessions: int = 1
    reads: bool = True
    stays: bool = True  # or, for each message, opens the page anew and leaves at once
    place: str = ""


def move(visitor: Visitor, number: int) -> BackMsg:
    """Move two sliders to settings that nobody has trained yet."""
    return visitor.compose(**{"Hidden units": 1 + number % 64, "Seed": number % 1_000})


def ask_for_a_long_run(visitor: Visitor, number: int) -> BackMsg:
    """Request one of the longest runs, a new one each time."""
    return visitor.compose(**{"Hidden units": 64, "Epochs": 10_000, "Seed": number % 1_000})


def click_to_run_here(visitor: Visitor, _: int) -> BackMsg:
    """Click on *Run it here*, for 10,000 epochs."""
    return visitor.click("Run it here")


def forge(visitor: Visitor, number: int) -> BackMsg:
    """Send values that no browser would send."""
    values = {"Hidden units": 1 + number % 64, "Learning rate": 0.01, "Seed": number % 1_000}
    message = visitor.compose(**values)
    FORGERIES[number % len(FORGERIES)](message.rerun_script.widget_states.widgets)
    return message


def _number(value: float) -> Callable[[Any], None]:
    def put(widgets: Any) -> None:
        widgets[0].double_array_value.data[:] = [value]

    return put


def _text(value: str) -> Callable[[Any], None]:
    def put(widgets: Any) -> None:
        widgets[1].string_array_value.data[:] = [value]

    return put


FORGERIES: list[Callable[[Any], None]] = [
    *map(_number, (math.nan, math.inf, -math.inf, 1e308, -1, 0.5, 65)),
    *map(_text, ("", "NaN", "1e-2", "x" * 10_000, "\x00")),
    lambda widgets: widgets.add(id="nobody", double_value=1),
    lambda widgets: widgets.add(id="$$ID-0-None", trigger_value=True),
    lambda widgets: setattr(widgets[0], "id", ""),
    lambda widgets: setattr(widgets[0], "string_value", "five"),
    lambda widgets: setattr(widgets[0], "bool_value", True),
    lambda widgets: setattr(widgets[0], "bytes_value", b"\xff" * 1_000),
    lambda widgets: setattr(widgets[0], "json_value", "{"),
    lambda widgets: widgets[0].double_array_value.data.extend([1.0] * 1_000),
    lambda widgets: widgets[0].double_array_value.data.__delitem__(slice(None)),
]
FLOODS = {
    "1,000 moves a second": Flood(move, 1_000),
    "100 moves a second": Flood(move, 100),
    "thirty who never read, 10 moves a second each": Flood(move, 10, sessions=30, reads=False),
    "1,000 moves a second, never read": Flood(move, 1_000, reads=False),
    "200 forged values a second": Flood(forge, 200),
    "100 longest runs a second, each another": Flood(ask_for_a_long_run, 100),
    "50 clicks a second on Run it here, 10,000 epochs": Flood(click_to_run_here, 50, place=CODE),
    "ten sessions, 100 moves a second each": Flood(move, 100, sessions=10),
    "20 pages a second, opened and left": Flood(move, 2, sessions=10, stays=False),
}


@dataclass
class Sender:
    """One session of a flood, with a count of its messages."""

    flood: Flood
    address: str
    sent: int = 0

    async def stay(self) -> None:
        """Open the page once, and keep sending."""
        async with visiting(self.address + self.flood.place, **self._how()) as (visitor, _):
            reader = asyncio.create_task(visitor.ignore_all() if self.flood.reads else _never())
            try:
                await self._send(visitor)
            finally:
                reader.cancel()
                visitor.hang_up()

    async def come_and_go(self) -> None:
        """Open the page repeatedly, and leave before it has loaded."""
        while True:
            async with visiting(self.address, wait=False) as (visitor, _):
                self.sent += 1
                visitor.hang_up()
            await asyncio.sleep(1 / self.flood.per_second)

    async def _send(self, visitor: Visitor) -> None:
        start = perf_counter()
        for number in itertools.count():
            ahead = start + number / self.flood.per_second - perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            await visitor.send(self.flood.write(visitor, number))
            self.sent += 1

    def _how(self) -> dict[str, Any]:
        if self.flood.reads:
            return {"ping_interval": None}
        place = urlsplit(self.address)
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        deaf.connect((place.hostname, place.port))
        deaf.setblocking(False)  # noqa: FBT003 - the socket's own word
        return {"ping_interval": None, "sock": deaf, "max_queue": 1}


async def _never() -> None:
    await asyncio.Event().wait()


async def flood_with(flood: Flood, address: str, seconds: float) -> int:
    """Flood a server on this machine; return the number of messages sent."""
    if urlsplit(address).hostname != "127.0.0.1":
        raise ValueError("Only a server of this machine, please.")
    senders = [Sender(flood, address) for _ in range(flood.sessions)]
    visits = (each.stay() if flood.stays else each.come_and_go() for each in senders)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # a session that the server closes is not replaced
            await asyncio.gather(*visits, return_exceptions=True)
            await _never()
    return sum(each.sent for each in senders)


def main(name: str, address: str, seconds: float) -> None:
    """Flood, and print the messages per second and the processor time they cost the sender."""
    print("ready", flush=True)  # Python and the modules are loaded
    used = time.process_time()
    sent = asyncio.run(flood_with(FLOODS[name], address, seconds))
    share = (time.process_time() - used) / seconds
    print(json.dumps({"per_second": sent / seconds, "processor": share}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
