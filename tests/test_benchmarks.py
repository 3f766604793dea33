"""Short runs of the measurements, with bounds for a noisy machine, so that none stops working."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.benchmarks import cold_start, fuzzing, key_press, rerun, sweep, training
from tests.benchmarks.plain import plain_page
from tests.browser import PAGE, Server, served
from tests.visitor import run
from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.training.backpropagation import is_written_out


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """The plain page to compare with."""
    with plain_page() as server:
        yield server


@pytest.mark.alone  # it measures time
def test_a_slider_is_answered_within_twice_the_time_of_the_plain_page(
    context: BrowserContext, server: Server, plain: Server
) -> None:
    with served(key_press.FLOOR) as floor:
        seen = key_press.measure(context, (server, plain, floor), presses=3)
    times = {name: median(each) for name, each in seen.items()}
    plain_chart, floor_text = times.pop("plain page, chart"), times.pop("floor, text")

    stages = {"stage", "stage, moons with 8-8"}
    assert set(times) == {"figures", "loss chart", "player", *stages}
    # On an idle machine it takes half of this; three presses are few.
    assert max(times.values()) < 2 * plain_chart
    assert floor_text < plain_chart


def test_a_rerun_costs_the_server_less_than_half_of_the_plain_page(
    server: Server, plain: Server
) -> None:
    used, _ = run(rerun.measure(server, plain, moves=10))

    assert median(used["this page"]) < median(used["plain page"]) / 2


@pytest.mark.slow
def test_a_training_takes_less_than_half_of_the_articles_loop() -> None:
    loop, ours = training.measure(width=5, rounds=3).values()

    assert median(ours) < median(loop) / 2


@pytest.mark.slow
def test_to_train_on_takes_less_than_three_quarters_of_a_training_from_the_start() -> None:
    whole, onward = training.train_on(width=5, rounds=1).values()

    assert median(onward) < 0.75 * median(whole)


def test_every_row_of_the_table_of_trainings_can_be_trained() -> None:
    rows = [training.settings_of(values) for _, values in training.choices()]

    losses = [each for each in LOSSES.values() if each.backward]
    assert len(rows) == len(ACTIVATIONS) + len(losses) + len(OPTIMIZERS)
    assert all(is_written_out(each) for each in rows)


@pytest.mark.slow
def test_a_sweep_trains_hundreds_of_networks_in_the_time_of_the_articles_loop() -> None:
    _, article = next(sweep.cases())
    loop, ours = sweep.measure(article, rounds=1)

    assert ours > 300 * loop


def test_the_first_load_is_soon_there_and_within_ten_megabytes(browser: Browser) -> None:
    seen = cold_start.first_load(browser, served(PAGE))

    assert seen["slider, s"] <= seen["chart, s"] < 30
    assert 5 < seen["first load, MB"] < 10


@pytest.mark.slow
def test_no_file_is_anything_but_a_table_or_refused_soon_in_a_sentence() -> None:
    found = fuzzing.measure(60)

    assert found.tables > 10
    assert found.refused.total() > 30
    assert found.slowest < 2
