"""A visit: every press, twice and in any order, leads to a visit that makes sense."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.combinations import drawn
from tinynet import Settings
from tinynet.analysis.lessons import LESSONS
from tinynet.links.address import Address, View, permalink, read_address
from tinynet.links.maps import MapView, whole_axis
from tinynet.links.pins import MOST_PINS, Pin
from tinynet.settings import (
    ARTICLE,
    DATA,
    EPOCHS,
    KNOBS,
    LAYERS,
    LEARNING_RATE,
    MOST_LAYERS,
    ROWS,
    SEED,
    WEIGHT_SEED,
    Knob,
    meaningful,
)
from tinynet.stage.strokes import Stroke
from tinynet.ui.seen import LONG_ENOUGH
from tinynet.ui.visit import MOST_UNDOS, UNCHANGED_BY_DATA, Visit
from tinynet.user_data import Painting, Reference, Table, table
from tinynet.user_data.examples import EXAMPLES

SOME = drawn(40)
BOW = Painting(((1, 2, 0), (3, 4, 1), (5, 6, 1)))
IRIS = EXAMPLES[0].sheet
COSINE, LONGER_COSINE = (Settings(epochs=each, schedule="cosine") for each in (50, 100))
OPENED = Visit.opened(Address(ARTICLE, View(), ()))

Press = Callable[[Visit, random.Random], Visit]
PRESSES: dict[str, Press] = {
    "a slider": lambda visit, generator: visit.changed(EPOCHS, generator.choice(EPOCHS.stops)),
    "another slider": lambda visit, generator: visit.changed(SEED, generator.randrange(1000)),
    "any knob": lambda visit, generator: visit.changed(
        *generator.choice([(each, getattr(generator.choice(SOME), each.name)) for each in KNOBS])
    ),
    "add a layer": lambda visit, _: visit.with_layer(),
    "remove a layer": lambda visit, _: visit.without_layer(),
    "a width": lambda visit, generator: visit.with_width(
        generator.randrange(6), generator.randint(1, 64)
    ),
    "a new start": lambda visit, generator: visit.with_other_weights(generator.randrange(999)),
    "a seed of the weights": lambda visit, generator: visit.changed(
        WEIGHT_SEED, generator.choice((None, generator.randrange(1000)))
    ),
    "back to the article": lambda visit, _: visit.went_to(ARTICLE),
    "try it": lambda visit, generator: visit.followed(generator.choice(SOME)),
    "train on": lambda visit, _: visit.followed(visit.longer) if visit.longer else visit,
    "undo": lambda visit, _: visit.undone(),
    "a lesson": lambda visit, generator: visit.with_lesson(
        *generator.choice([(name, each.settings) for name, each in LESSONS.items()])
    ),
    "a state": lambda visit, generator: visit.at_state(
        generator.randrange(99), visit.settings.epochs
    ),
    "an epoch": lambda visit, generator: visit.at_epoch(
        generator.randrange(99), visit.settings.epochs
    ),
    "a shorter run": lambda visit, _: visit.within(visit.settings.epochs),
    "a pick": lambda visit, generator: visit.picked({"row": generator.randrange(10), "unit": 3}),
    "pin": lambda visit, generator: visit.pinned(Pin(generator.choice(SOME))),
    "pin this run": lambda visit, _: visit.pinned(Pin(visit.settings)),
    "unpin": lambda visit, generator: visit.unpinned(generator.choice(SOME)),
    "a name": lambda visit, generator: visit.renamed(generator.choice(SOME), "mine"),
    "a map": lambda visit, _: visit.with_map(
        MapView(whole_axis("seed"), whole_axis("learning_rate"), "loss"), is_told=True
    ),
    "built-in data": lambda visit, generator: visit.with_data(generator.choice(sorted(DATA.table))),
    "a painting": lambda visit, _: visit.with_data(Painting.kind),
    "a file": lambda visit, _: visit.with_data(Table.kind),
    "a stroke": lambda visit, _: visit.painted(Stroke(BOW, 1)),
    "a file that comes": lambda visit, _: visit.started_on(table(IRIS, target="species")),
    "present": lambda visit, _: replace(visit, is_presented=not visit.is_presented),
    "a picture": lambda visit, generator: visit.showing(generator.random()),
    "a rest": lambda visit, generator: visit.resting(generator.random()),
}


def drawing(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test draws the same each time


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
        return  # whose link waits for the file
    link = permalink("http://host/", settings, visit.within(settings.epochs).view)
    read = read_address(parse_qs(urlsplit(link).query))
    assert read.notices == ()
    assert read.settings == settings


def set_knobs(visit: Visit) -> list[Knob[Any]]:
    """Return the knobs whose value here is what they were set to: numbers that mean something."""
    has_two_seeds = WEIGHT_SEED in meaningful(visit.settings)
    seeds = (SEED, WEIGHT_SEED) if has_two_seeds else ()
    return [LEARNING_RATE, EPOCHS, *seeds]


@pytest.mark.parametrize("name", PRESSES)
def test_a_press_made_twice_leads_to_a_visit_that_makes_sense(name: str) -> None:
    visit, generator = OPENED, drawing(0)
    for _ in range(2):
        visit = PRESSES[name](visit, generator)
        assert_it_makes_sense(visit)


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
    # The data's own seed would draw weights from the very numbers that made the data.
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
    # Back at data that are drawn, they have a seed of their own again.
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
    # Those that were flown over are not.
    flown = looked_at.changed(SEED, 2)
    flown = flown.showing(5)
    assert flown.looked_at_before == ARTICLE


def test_a_link_waits_for_its_file_until_other_data_are_picked() -> None:
    query = {"data": ["file.mine.csv.10.0123456789abcdef.0.2.classes"]}
    visit = Visit.opened(read_address(query)).waiting_for(query)
    assert visit.waits_for
    assert isinstance(visit.waits_for[1], Reference)
    assert visit.data_picked == Table.kind

    assert not visit.with_data("moons").waits_for
    assert not visit.with_data("moons").with_data(Table.kind).waits_for
    assert not visit.started_on(table(IRIS, target="species")).waits_for


DATA_TO_PICK: dict[str, Press] = {
    **{name: partial(lambda name, visit, _: visit.with_data(name), name) for name in DATA.table},
    **{name: PRESSES[name] for name in ("a painting", "a stroke", "a file that comes")},
}


@pytest.mark.parametrize("name", DATA_TO_PICK)
def test_whoever_picks_data_gets_the_settings_to_start_from_and_can_undo(name: str) -> None:
    mine = OPENED.went_to(Settings((3, 2), 0.5, 7, data="hills", rows=50, seed=5, l2=0.01))

    visit = DATA_TO_PICK[name](mine, drawing(0))

    data = visit.settings.data
    if data == "hills":  # it was there already
        assert visit.settings == mine.settings
        return
    assert visit.settings == Settings.starting(data, seed=5, rows=50)
    assert visit.came_with_data
    assert visit.undone().settings == replace(mine.settings, data=data)
    assert not visit.undone().came_with_data
    assert visit.undone().undone() == visit.undone()


def test_from_any_data_back_to_the_articles_are_its_settings() -> None:
    for press in DATA_TO_PICK.values():
        visit = press(OPENED, drawing(0)).with_data("dummy")
        assert visit.settings == ARTICLE


def test_that_settings_came_with_the_data_is_told_until_a_knob_is_turned() -> None:
    visit = OPENED.with_data("moons")

    assert visit.came_with_data
    assert not visit.changed(SEED, 5).came_with_data
    assert not visit.went_to(ARTICLE).came_with_data
    assert not OPENED.came_with_data


def test_data_picked_again_leave_the_knobs_alone() -> None:
    visit = OPENED.with_data("moons").changed(EPOCHS, 7)

    assert visit.with_data("moons").settings == visit.settings
    assert visit.with_data(Table.kind).with_data("moons").settings == visit.settings


def test_data_whose_settings_are_set_already_bring_nothing_to_undo() -> None:
    visit = OPENED.changed(DATA, "moons").went_to(Settings.starting("moons"))

    there = visit.with_data("circles")

    assert there.settings == Settings.starting("circles")
    assert not there.came_with_data
    assert not there.can_undo


def test_while_one_paints_on_the_settings_still_came_with_the_painting_and_can_be_undone() -> None:
    begun = OPENED.painted(Stroke(BOW, 1))
    more = Painting((*BOW.points, (7, 8, 2)))

    visit = begun.painted(Stroke(more, 2))

    assert visit.settings == Settings.starting(more)
    assert visit.came_with_data
    assert visit.undone().settings == Settings(data=more)


def test_only_the_first_stroke_brings_settings_along() -> None:
    begun = OPENED.with_data("moons").painted(Stroke(BOW, 1)).changed(EPOCHS, 7)
    more = Painting((*BOW.points, (7, 8, 2)))

    visit = begun.painted(Stroke(more, 2))

    assert visit.settings == Settings.starting(more, epochs=7)
    assert not visit.came_with_data
    assert visit.stroke == Stroke(more, 2)


def test_the_rows_come_back_with_data_that_have_a_choice_of_them() -> None:
    visit = OPENED.with_data("moons").changed(ROWS, 50)

    visit = visit.with_data("dummy")
    assert visit.settings == ARTICLE
    assert visit.with_data("circles").settings == Settings.starting("circles", rows=50)


def test_undone_hints_lead_back_to_what_came_with_the_data() -> None:
    visit = OPENED.with_data("moons")
    there = visit.followed(replace(visit.settings, epochs=500))

    assert not there.came_with_data
    assert there.undone().came_with_data
    assert there.undone().undone().settings == Settings(data="moons")


def test_a_visit_holds_settings_and_no_run() -> None:
    visit, generator = OPENED, drawing(1)
    for press in PRESSES.values():
        visit = press(visit, generator)
    assert "checkpoints" not in repr(visit)
