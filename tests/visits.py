"""Shared helpers for the tests of visits."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tests.combinations import drawn
from tinynet.analysis.lessons import LESSONS
from tinynet.links.address import Address, View
from tinynet.links.maps import MapView, whole_axis
from tinynet.links.pins import Pin
from tinynet.settings import (
    ARTICLE,
    DATA,
    EPOCHS,
    KNOBS,
    SEED,
    WEIGHT_SEED,
)
from tinynet.stage.strokes import Stroke
from tinynet.ui.visit import Visit
from tinynet.user_data import Painting, Table, table
from tinynet.user_data.examples import EXAMPLES

SOME = drawn(40)
BOW = Painting(((1, 2, 0), (3, 4, 1), (5, 6, 1)))
IRIS = EXAMPLES[0].sheet
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
        generator.randrange(99), visit.settings.epochs, 0
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
