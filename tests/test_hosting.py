"""What a hosted page must survive: many visitors, long runs beside them, a server that dies."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from time import perf_counter

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.benchmarks.load import Load, oracle, put
from tests.benchmarks.memory import go_through, settled_megabytes
from tests.browser import PAGE, Server, figure, free_port, opened, served, settled, slider
from tests.oracle import final_loss
from tests.visitor import Answer, Visitor, run, visiting
from tinynet.ui.pace import LEAST
from tinynet.ui.store import BUDGET

SOME = [(width, epochs) for width in (3, 17, 40) for epochs in (20, 100)]


@pytest.mark.alone
def test_a_small_class_gets_every_answer_right_and_soon_beside_a_long_run(server: Server) -> None:
    load = Load(visitors=15, seconds=5, thinking=(0.5, 1.0), long_runs=1)
    tally = run(put(load, server.address, oracle(SOME)))

    assert tally.errors == []
    assert tally.wrong == 0
    assert len(tally.seconds) >= load.visitors  # some 60 on a machine with nothing else to do
    assert np.percentile(tally.seconds, 80) < 1


@pytest.mark.alone
def test_ten_sessions_that_flood_together_get_the_scripts_of_one(server: Server) -> None:
    seconds, scripts = 3, Counter[int]()

    async def flood(number: int) -> None:
        async with visiting(server.address) as (visitor, _):
            reading = asyncio.create_task(read(visitor, number))
            for width in itertools.islice(itertools.cycle(range(1, 65)), 100 * seconds):
                await visitor.send(visitor.compose(**{"Hidden units": width}))
                await asyncio.sleep(0.01)
            reading.cancel()

    async def read(visitor: Visitor, number: int) -> None:
        async for _ in visitor.scripts():
            scripts[number] += 1

    async def flood_and_look() -> Answer:
        async with visiting(server.address) as (visitor, _):
            began = perf_counter()
            await asyncio.gather(*map(flood, range(10)))
            took.append(perf_counter() - began)
            return await visitor.move(**{"Hidden units": 3, "Epochs": 20})

    took: list[float] = []
    answer = run(flood_and_look())

    assert len(scripts) == 10  # nobody was forgotten
    a_move = 2  # scripts: of the slider, and of the parts of the page
    assert scripts.total() < a_move * took[0] / LEAST
    assert answer.errors == []
    assert answer.losses[:20] == oracle([(3, 20)])[3, 20]


def test_a_hundred_large_runs_stay_within_the_budget_of_the_store(server: Server) -> None:
    before = settled_megabytes(server)

    assert run(go_through(server.address, 100)) == 100
    assert server.megabytes - before < BUDGET / 1e6 + 50


def test_a_server_that_was_killed_and_is_back_shows_the_same_run(page: Page) -> None:
    port = free_port()
    with served(PAGE, port=port) as server:
        opened(page, f"{server.address}?hidden=7&lr=0.5")
        slider(page, "Hidden units").press("ArrowRight")
        expected = final_loss(8, rate=0.5)
        expect(figure(page, "Loss")).to_have_text(expected)
        place = page.url
        server.process.kill()
        expect(page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(0)
    with served(PAGE, port=port):
        page.locator("[data-test-connection-state=CONNECTED]").wait_for(timeout=60_000)
        settled(page)
        expect(figure(page, "Loss")).to_have_text(expected)
        assert page.url == place

        slider(page, "Hidden units").press("ArrowRight")
        following = final_loss(9, rate=0.5)
        expect(figure(page, "Loss")).to_have_text(following)
