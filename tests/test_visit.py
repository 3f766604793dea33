"""A visit: every action, also repeated and in any order, leads to a consistent visit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.visits import BOW, OPENED, PRESSES, SOME, drawing
from tinynet import Settings
from tinynet.links.address import permalink, read_address
from tinynet.links.pins import MOST_PINS
from tinynet.settings import (
    ARTICLE,
    DATA,
    EPOCHS,
    KNOBS,
    LAYERS,
    LEARNING_RATE,
    MOST_LAYERS,
    SEED,
    WEIGHT_SEED,
    Knob,
    meaningful,
)
from tinynet.ui.seen import LONG_ENOUGH
from tinynet.ui.visit import MOST_UNDOS, UNCHANGED_BY_DATA, Visit
from tinynet.user_data import Table

COSINE, LONGER_COSINE = (Settings(epochs=each, schedule="cosine") for each in (50, 100))


def assert_it_makes_sense(visit: Visit) -> None:
    settings = visit.settings
    assert len(settings.hidden_units) <= MOST_LAYERS
    assert len(visit.pins) <= MOST_PINS
    assert len({each.settings for each in visit.pins}) == len(visit.pins)
    assert len(visit.undos) <= MOST_UNDOS
    assert len(visit.looked_at) <= 2
    if visit.came_with_data:
        kept = {each.name: getattr(settings, each.name) for each in UNCHANGED_BY_DATA}
        assert settings == Settings.starting(settings.data, **kept)
        assert visit.undone().settings.data == settings.data
    assert all(getattr(settings, each.name) == visit.kept[each.name] for each in set_knobs(visit))
    assert visit.data_picked in {*DATA.table, *visit.brought, Table.kind}
    if isinstance(settings.data, Table) or any(each.settings.files for each in visit.pins):
        return  # the link waits for the file
    link = permalink("http://host/", settings, visit.within(settings.epochs).view)
    read = read_address(parse_qs(urlsplit(link).query))
    assert read.notices == ()
    assert read.settings == settings


def set_knobs(visit: Visit) -> list[Knob[Any]]:
    """Return the knobs whose kept value applies to these settings."""
    has_two_seeds = WEIGHT_SEED in meaningful(visit.settings)
    seeds = (SEED, WEIGHT_SEED) if has_two_seeds else ()
    return [LEARNING_RATE, EPOCHS, *seeds]


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_made_twice_leads_to_a_visit_that_makes_sense(name: str) -> None:
    visit, generator = OPENED, drawing(0)
    for _ in range(2):
        visit = PRESSES[name](visit, generator)
        assert_it_makes_sense(visit)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_presses_in_any_order_lead_to_a_visit_that_makes_sense(seed: int) -> None:
    visit, generator = OPENED, drawing(seed)
    for _ in range(40):
        visit = PRESSES[generator.choice(sorted(PRESSES))](visit, generator)
        assert_it_makes_sense(visit)


def test_no_layer_can_be_removed_where_there_is_none() -> None:
    visit = OPENED.without_layer()
    assert visit.settings.hidden_units == ()
    assert visit.without_layer() == visit


def test_there_are_never_too_many_layers() -> None:
    visit = OPENED
    for _ in range(MOST_LAYERS + 3):
        visit = visit.with_layer()
    assert len(visit.settings.hidden_units) == MOST_LAYERS


def test_a_layer_that_comes_back_has_its_width() -> None:
    visit = OPENED.changed(LAYERS, (7, 3, 2))
    assert visit.without_layer().without_layer().with_layer().with_layer() == replace(
        visit, spare=()
    )


def test_a_knob_that_means_nothing_for_a_while_gets_its_value_back() -> None:
    activation = next(each for each in KNOBS if each.name == "activation")
    visit = OPENED.changed(activation, "tanh").without_layer()
    assert visit.settings.activation == ARTICLE.activation
    assert visit.with_layer().settings.activation == "tanh"


def test_new_first_weights_keep_the_seed_of_the_data_and_are_never_todays() -> None:
    visit = OPENED.changed(SEED, 7)
    drawn = [visit.with_other_weights(each).settings for each in range(999)]

    assert {each.seed for each in drawn} == {7}
    # The seed of the data would draw weights from the same numbers that made the data.
    assert {each.weight_seed for each in drawn} == {*range(1000)} - {7}
    visit = visit.changed(WEIGHT_SEED, 4)
    again = {visit.with_other_weights(each).settings.weight_seed for each in range(999)}
    assert again == {*range(1000)} - {4}


def test_another_seed_moves_the_data_and_the_weights_whoever_drew_these_before() -> None:
    visit = OPENED.with_other_weights(7)
    assert visit.settings == Settings(weight_seed=8)

    assert visit.changed(SEED, 3).settings == Settings(seed=3)
    assert visit.changed(EPOCHS, 100).settings == Settings(epochs=100, weight_seed=8)
    assert visit.changed(SEED, 3).changed(SEED, 0).settings == ARTICLE


def test_new_first_weights_of_data_that_are_not_drawn_are_the_one_seed() -> None:
    visit = OPENED.took(BOW).with_other_weights(7)
    assert visit.settings == Settings(data=BOW, seed=8)
    assert visit.changed(SEED, 3).settings == Settings(data=BOW, seed=3)
    # Generated data have their own seed again.
    assert visit.with_data("moons").settings.weight_seed == 8


def test_undo_goes_back_step_by_step_and_then_no_further() -> None:
    first, second = SOME[0], SOME[1]
    visit = OPENED.followed(first).followed(second)

    assert visit.undone().settings == first
    assert visit.undone().undone().settings == ARTICLE
    assert visit.undone().undone().undone() == visit.undone().undone()


def test_undo_is_gone_once_the_visitor_has_gone_on_alone() -> None:
    visit = OPENED.followed(Settings((6,)))
    assert visit.can_undo
    visit = visit.changed(SEED, 5)
    assert not visit.can_undo
    assert visit.undone() == visit


def test_to_train_on_means_twice_the_epochs_and_nothing_else_as_far_as_the_slider_goes() -> None:
    for epochs in (1, 50, 333, 5_000):
        visit = OPENED.changed(EPOCHS, epochs)
        assert visit.longer == Settings(epochs=2 * epochs)
    for epochs in (5_001, EPOCHS.maximum):
        assert OPENED.changed(EPOCHS, epochs).longer is None


def test_who_trains_on_looks_at_the_end_and_undo_goes_back() -> None:
    visit = OPENED.at_state(20, 50)
    assert visit.longer
    on = visit.followed(visit.longer)

    assert (on.settings.epochs, on.state) == (100, None)
    assert on.kept[EPOCHS.name] == 100
    assert on.undone().settings == ARTICLE


def rested_on(visit: Visit, now: float) -> Visit:
    return visit.showing(now).resting(now)


def test_a_longer_run_goes_on_from_the_end_of_the_one_that_was_looked_at_before() -> None:
    visit = rested_on(OPENED, 0)
    on = rested_on(visit.followed(Settings(epochs=100)), 10)
    further = rested_on(on.followed(Settings(epochs=200)), 20)

    assert (visit.went_on_from, on.went_on_from, further.went_on_from) == (None, 50, 100)
    assert rested_on(further.undone(), 30).went_on_from is None
    assert rested_on(visit.followed(Settings((6,), epochs=100)), 10).went_on_from is None
    stretched = rested_on(rested_on(visit.followed(COSINE), 10).followed(LONGER_COSINE), 20)
    assert stretched.went_on_from is None


def test_whoever_looks_at_the_end_stays_there_in_any_run() -> None:
    visit = OPENED.at_state(50, 50)
    assert visit.state is None
    assert OPENED.at_state(49, 50).within(100).state == 49
    assert OPENED.at_state(49, 50).within(20).state is None


def test_a_run_counts_as_looked_at_once_it_was_rested_on() -> None:
    seen = OPENED.showing(0).resting(1)
    other = seen.changed(SEED, 1)

    assert other.showing(1 + LONG_ENOUGH / 2).looked_at_before is None
    looked_at = other.showing(1 + LONG_ENOUGH)
    assert looked_at.looked_at_before == ARTICLE
    # Addresses that were passed over do not count.
    flown = looked_at.changed(SEED, 2)
    flown = flown.showing(5)
    assert flown.looked_at_before == ARTICLE
