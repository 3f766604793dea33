"""The data of a visit, and the settings that come with them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from tests.visits import BOW, IRIS, OPENED, PRESSES, Press, drawing
from tinynet import Settings
from tinynet.links.address import read_address
from tinynet.settings import (
    ARTICLE,
    DATA,
    EPOCHS,
    ROWS,
    SEED,
)
from tinynet.stage.strokes import Stroke
from tinynet.ui.visit import Visit
from tinynet.user_data import Painting, Reference, Table, table


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
