"""A class of a hundred behind one IP address opens the link at once, through nginx.

    python -m tests.benchmarks.classroom [pupils]

Two replicas run behind docs/nginx.conf, unchanged except for the ports. Each pupil requests the
page and its files like a browser, over six connections, then opens a session. All sessions stay
open until the last pupil has the page. Everything runs on this machine.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

from tests.benchmarks.replicas import behind_nginx
from tests.browser import PAGE, served
from tests.visitor import run, visiting
from tinynet.charts import PLOTLY_VERSION

# The largest file.
PLOTLY = f"component/tinynet.ui.components.scripts.plotly-{PLOTLY_VERSION}/plotly.min.js"
CONNECTIONS = 6  # connections that a browser opens to one address
PATIENCE = 300  # seconds
REQUEST = (
    "GET /{file} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
)


@dataclass
class Seen:
    """The measurements of a class: the answers, and when each pupil had the page."""

    answers: Counter[str] = field(default_factory=Counter)
    files: list[float] = field(default_factory=list)  # seconds
    pages: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def files_of(address: str) -> list[str]:
    """Return the URLs of the page, of the files that it names, and of plotly's script."""
    with urlopen(address) as response:  # noqa: S310 - our own server, on loopback
        page = response.read().decode()
    return ["", PLOTLY, *re.findall(r'(?:src|href)="\./(static/[^"]+)"', page)]


async def fetch(address: str, file: str) -> str:
    """Fetch a file over a new connection; return the status of the answer."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(REQUEST.format(file=file, host=place.netloc).encode())
    status = ((await reader.readline()).split() or [b"", b"cut off"])[1].decode()
    while await reader.read(1 << 16):
        pass
    writer.close()
    return status


async def arrive(address: str, pupils: int) -> Seen:
    """Let all pupils open the link at the same time."""
    seen, files = Seen(), await asyncio.to_thread(files_of, address)
    arrived, start = asyncio.Event(), perf_counter()

    async def pupil() -> None:
        first = (files * CONNECTIONS)[:CONNECTIONS]
        try:
            seen.answers.update(await asyncio.gather(*(fetch(address, each) for each in first)))
            seen.files.append(perf_counter() - start)
            async with visiting(address, open_timeout=PATIENCE) as (_, answer):
                seen.pages.append(perf_counter() - start)
                seen.errors += answer.errors
                if len(seen.pages) + len(seen.errors) >= pupils:
                    arrived.set()
                await arrived.wait()
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs into the table
            seen.errors.append(repr(error))
            arrived.set()

    await asyncio.wait_for(asyncio.gather(*(pupil() for _ in range(pupils))), PATIENCE)
    return seen


def main(pupils: int = 100) -> None:
    """Run a class, and print the measurements."""
    with served(PAGE) as first, served(PAGE) as second, behind_nginx(first, second) as address:
        for replica in (first, second):
            run(arrive(replica.address, 1))  # the server has imported torch
        seen = run(arrive(address, pupils))
    print("| pupils | answers | all files, s, p50 | last | page, s, p50 | last | errors |")
    print(f"|{'---|' * 7}")
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(seen.answers.items()))
    waits = [f"{each:.1f}" for all_ in (seen.files, seen.pages) for each in _median_and_last(all_)]
    print(f"| {pupils} | {answers} | {' | '.join(waits)} | {len(seen.errors)} |")
    for error, count in Counter(seen.errors).items():
        print(f"{count} × {error}", file=sys.stderr)


def _median_and_last(seconds: list[float]) -> tuple[float, float]:
    return (float(np.median(seconds)), max(seconds)) if seconds else (np.nan, np.nan)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
