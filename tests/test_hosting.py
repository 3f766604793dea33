"""What a hosted page must survive: many visitors, long runs in parallel, a killed server."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.benchmarks.load import Load, oracle, put
from tests.benchmarks.memory import go_through, settled_megabytes
from tests.browser import PAGE, Server, figure, free_port, opened, served, settled, slider
from tests.oracle import final_loss
from tests.visitor import Answer, Visitor, run, visiting
from tinynet.serving.store import BUDGET

SOME = [(width, epochs) for width in (3, 17, 40) for epochs in (20, 100)]


@pytest.mark.alone
def test_a_small_class_gets_every_answer_right_and_soon_beside_a_long_run(server: Server) -> None:
    load = Load(visitors=15, seconds=5, thinking=(0.5, 1.0), long_runs=1)
    tally = run(put(load, server.address, oracle(SOME)))

    assert tally.errors == []
    assert tally.wrong == 0
    assert len(tally.seconds) >= load.visitors  # about 60 on an idle machine
    assert np.percentile(tally.seconds, 80) < 1


@pytest.mark.alone
def test_ten_sessions_that_flood_together_hold_up_nobody_who_rests(server: Server) -> None:
    widths, scripts = itertools.cycle(range(1, 65)), Counter[int]()

    async def flood(number: int) -> None:
        async with visiting(server.address) as (visitor, _):
            reading = asyncio.create_task(read(visitor, number))
            for _ in range(300):
                await visitor.send(visitor.compose(**{"Hidden units": next(widths)}))
                await asyncio.sleep(0.01)
            reading.cancel()

    async def read(visitor: Visitor, number: int) -> None:
        async for _ in visitor.scripts():
            scripts[number] += 1

    async def move(visitor: Visitor, moves: int) -> list[Answer]:
        answers = []
        for _ in range(moves):
            await asyncio.sleep(0.25)
            answers.append(await visitor.move(**{"Hidden units": next(widths), "Epochs": 20}))
        return answers

    async def look() -> tuple[list[Answer], list[Answer]]:
        async with visiting(server.address) as (visitor, _):
            before = await move(visitor, 5)
            floods = [asyncio.create_task(flood(number)) for number in range(10)]
            beside = await move(visitor, 8)
            await asyncio.gather(*floods)
            return before, beside

    before, beside = run(look())

    assert len(scripts) == 10  # every visitor got answers
    assert [error for each in beside for error in each.errors] == []
    undisturbed, disturbed = (np.median([each.seconds for each in its]) for its in (before, beside))
    assert disturbed < 4 * undisturbed + 0.2


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
        page.wait_for_url("**hidden=8**")
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
