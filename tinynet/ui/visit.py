"""Visit: what one visitor has set and looks at; a press turns one visit into the next.

A visit is frozen and knows nothing of Streamlit. Whatever is pressed, however often and in whatever
order, leads to a visit that makes sense: a press that means nothing here changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tinynet.analysis.coach.trial import starts_of
from tinynet.analysis.lessons import LESSONS
from tinynet.links.address import WATCH, Address, Query, View, file_of, put_together
from tinynet.links.maps import OPENING, MapView
from tinynet.links.pins import MOST_PINS, Pin, each_once, have_room
from tinynet.serving.requests import SweepRequest
from tinynet.settings import (
    ARTICLE,
    DATA,
    DEVICE,
    EPOCHS,
    HIDDEN_UNITS,
    LAYERS,
    MOST_LAYERS,
    ROWS,
    SEED,
    WEIGHT_SEED,
    Knob,
    Settings,
    values_of,
)
from tinynet.stage.strokes import Stroke
from tinynet.stage.user_data import STARTER
from tinynet.training.expressions import begins_as
from tinynet.user_data import Painting, Reference, Table, UserData

LONGEST_WAY = 50  # hints that can be undone
PICKED = ("row", "layer", "unit", "output")
# What stays as it is where other data bring their settings along.
AT_A_START = (SEED, WEIGHT_SEED, ROWS, DEVICE)
REST = 0.5  # seconds on the screen, after which a run counts as looked at


@dataclass(frozen=True)
class Visit:
    """What one visitor has set and looks at."""

    settings: Settings = ARTICLE
    # What each knob was set to last; a knob that means nothing now gets it back when it does.
    kept: Mapping[str, Any] = field(default_factory=lambda: values_of(ARTICLE))
    spare: tuple[int, ...] = ()  # the widths of the layers that were removed, the last one last
    stops: Settings = ARTICLE  # what the page last went to: its numbers are stops of the sliders
    opening: Settings | None = None  # what it opened on, at no epoch of its own, to be watched

    tab: str = WATCH
    state: int | None = None  # the state of the network that is shown; None is the last
    map: MapView = OPENING
    map_place: int = 0  # how often the page, and not the visitor, has said what the map shows
    last_map: SweepRequest | None = None  # the one that was drawn last
    pins: tuple[Pin, ...] = ()
    is_presented: bool = False
    notices: tuple[str, ...] = ()
    jumps: int = 0  # how often the page, and not a slider, has gone to other settings

    way: tuple[Settings, ...] = ()  # the settings before each hint that was followed
    way_end: Settings | None = None  # where the last of these hints led
    start: Settings | None = None  # those that the data brought along when they were picked
    lesson: str | None = None  # the one that was opened
    luck: Settings | None = None  # whose other starts are shown

    batch: int = 0  # of the epoch that is opened up
    row: int = 0  # of the batch
    layer: int = 0  # of the hidden ones
    unit: int | None = None  # of that layer; None is the one that learns most from the row
    output: int = 0  # of the network

    brought: Mapping[str, UserData] = field(default_factory=lambda: {Painting.kind: STARTER})
    asks_for_file: bool = False  # though the network learns from something else so far
    wanted: Query | None = None  # the address of a link whose file is not here
    stroke: Stroke | None = None  # the last on the plane

    shown: Settings | None = None  # of the run that was drawn last
    since: float | None = None  # when all of it was drawn
    rested: tuple[Settings, ...] = ()  # the last two runs that were looked at, the newer last

    # Opening an address

    @classmethod
    def opened(cls, address: Address, before: Visit | None = None) -> Visit:
        """Return the visit that an address asks for; what was brought before stays."""
        view, settings = address.view, address.settings
        is_plain = view.tab == WATCH and view.epoch is None
        visit = before or cls()
        visit = replace(
            visit,
            tab=view.tab,
            state=view.epoch,
            map=view.map,
            map_place=visit.map_place + 1,
            pins=view.pins,
            is_presented=view.presented,
            opening=settings if is_plain else None,
        )
        return visit._set(settings, address.notices)  # noqa: SLF001 - its own

    @property
    def view(self) -> View:
        """What an address says of the visit beside its settings."""
        return View(self.tab, self.state, self.map, self.pins, self.is_presented)

    # The settings

    def changed(self, knob: Knob[Any], value: Any) -> Visit:
        """Turn one knob; with the seed, the first weights follow the data again."""
        kept = {**self.kept, knob.name: value}
        if knob is SEED:
            kept[WEIGHT_SEED.name] = WEIGHT_SEED.article
        return replace(self, kept=kept, settings=put_together(kept, []), notices=())

    def went_to(self, settings: Settings) -> Visit:
        """Go to other settings, and to the end of their run."""
        return replace(self._set(settings, ()), state=None)

    def _set(self, settings: Settings, notices: tuple[str, ...]) -> Visit:
        return replace(
            self,
            settings=settings,
            kept=values_of(settings),
            spare=(),
            stops=settings,
            jumps=self.jumps + 1,
            brought=self._brought_with(settings.data),
            asks_for_file=False,
            wanted=None,
            notices=notices,
        )

    def with_layer(self) -> Visit:
        """Add a hidden layer: the one that was removed last, or another of the usual width."""
        widths: tuple[int, ...] = self.kept[LAYERS.name]
        if len(widths) >= MOST_LAYERS:
            return self
        *spare, width = self.spare or (HIDDEN_UNITS.article,)
        return replace(self.changed(LAYERS, (*widths, width)), spare=tuple(spare))

    def without_layer(self) -> Visit:
        """Remove the last hidden layer."""
        widths: tuple[int, ...] = self.kept[LAYERS.name]
        if not widths:
            return self
        return replace(self.changed(LAYERS, widths[:-1]), spare=(*self.spare, widths[-1]))

    def with_width(self, layer: int, width: int) -> Visit:
        """Set the width of a hidden layer, counted from 0."""
        widths = list(self.kept[LAYERS.name])
        if layer >= len(widths):
            return self
        widths[layer] = width
        return self.changed(LAYERS, tuple(widths))

    def with_other_weights(self, drawn: int) -> Visit:
        """Give the weights another seed: of all but today's, drawn from 0 to one below the last."""
        seed, own = self.settings.seed, self.settings.weight_seed
        today = seed if own is None else own
        return self.changed(WEIGHT_SEED, drawn + (drawn >= today))

    # Hints and lessons

    def followed(self, wanted: Settings) -> Visit:
        """Follow a hint; the way back is forgotten where the visitor has gone on alone since."""
        way = self.way if self.can_undo else ()
        way = (*way, self.settings)[-LONGEST_WAY:]
        return replace(self.went_to(wanted), way=way, way_end=wanted)

    @property
    def can_undo(self) -> bool:
        """Whether the settings are those that a hint led to."""
        return bool(self.way) and self.way_end == self.settings

    def undone(self) -> Visit:
        """Go back to before the last hint that was followed."""
        if not self.can_undo:
            return self
        *way, before = self.way
        return replace(self.went_to(before), way=tuple(way), way_end=before)

    def with_luck(self) -> Visit:
        """Look at other starts of these settings."""
        return replace(self, luck=self.settings)

    @property
    def luck_shown(self) -> Settings | None:
        """The settings whose starts are shown, if these settings are one of them."""
        luck = self.luck
        return luck if luck and self.settings in starts_of(luck) else None

    @property
    def longer(self) -> Settings | None:
        """The settings to train on with: twice the epochs, if so many can be set."""
        epochs = 2 * self.settings.epochs
        return replace(self.settings, epochs=epochs) if epochs <= EPOCHS.maximum else None

    def with_lesson(self, name: str, settings: Settings) -> Visit:
        """Open a lesson on one of its runs; what it asks to look at is in the first view."""
        if name not in LESSONS:
            return self
        return replace(self.went_to(settings), lesson=name, tab=WATCH)

    @property
    def lesson_shown(self) -> str | None:
        """The lesson whose run is set; a link to the settings of a lesson opens it too."""
        name, settings = self.lesson, self.settings
        if name and settings in (LESSONS[name].settings, LESSONS[name].beside):
            return name
        return next((each for each in LESSONS if LESSONS[each].settings == settings), None)

    # What is looked at

    def at_state(self, state: int, epochs: int) -> Visit:
        """Look at a state of a run of so many epochs; its last one stays the last of any run."""
        return replace(self, state=None if state >= epochs else state)

    def within(self, epochs: int) -> Visit:
        """Take the state that is shown along into a run of so many epochs."""
        return self if self.state is None else self.at_state(self.state, epochs)

    def at_epoch(self, epoch: int, epochs: int, batch: int | None = None) -> Visit:
        """Open an epoch up, and one of its batches; the last epoch leads to the last state."""
        state = None if epoch >= epochs - 1 else epoch
        return replace(self, state=state, batch=self.batch if batch is None else batch)

    def picked(self, places: Mapping[str, int]) -> Visit:
        """Pick a row of the batch, a hidden layer, one of its units, or an output, by its name."""
        known: dict[str, Any] = {name: at for name, at in places.items() if name in PICKED}
        return replace(self, **known)

    def with_map(self, view: MapView, *, is_told: bool = False) -> Visit:
        """Look at another map; one that the page has told of is where the browser goes to."""
        return replace(self, map=view, map_place=self.map_place + is_told)

    def can_pin(self, wanted: Pin) -> bool:
        """Tell whether a run is not pinned yet, and has room."""
        is_pinned = any(each.settings == wanted.settings for each in self.pins)
        return not is_pinned and have_room(self.pins, wanted)

    def pinned(self, wanted: Pin) -> Visit:
        """Keep one more run, if that can be."""
        return replace(self, pins=(*self.pins, wanted)) if self.can_pin(wanted) else self

    def unpinned(self, settings: Settings) -> Visit:
        """Keep a run no longer."""
        return replace(self, pins=tuple(each for each in self.pins if each.settings != settings))

    def renamed(self, settings: Settings, name: str) -> Visit:
        """Give a pinned run a name."""
        pins = (
            replace(each, name=name) if each.settings == settings else each for each in self.pins
        )
        return replace(self, pins=tuple(pins))

    # Data of one's own

    @property
    def data_picked(self) -> str:
        """The kind of the data, as the choice of data names it."""
        return Table.kind if self.asks_for_file else DATA.kind(self.settings.data)

    def with_data(self, kind: str) -> Visit:
        """Learn from a built-in data set, or from what was brought; a file may be asked for."""
        if kind == DATA.kind(self.settings.data):
            return replace(self, wanted=None, asks_for_file=False, notices=())
        data = kind if kind in DATA.table else self.brought.get(kind)
        if data is None:
            return replace(self, wanted=None, asks_for_file=True, notices=())
        return self.started_on(data)

    def took(self, data: str | UserData) -> Visit:
        """Learn from other data, with all else as it is set."""
        return replace(
            self.changed(DATA, data),
            brought=self._brought_with(data),
            asks_for_file=False,
            wanted=None,
        )

    def started_on(self, data: str | UserData) -> Visit:
        """Learn from other data with their settings to start from; undone, with those of before."""
        visit = self.took(data)
        before = visit.settings
        start = Settings.starting(
            data, **{each.name: getattr(before, each.name) for each in AT_A_START}
        )
        if start == before:
            return visit
        kept = {**values_of(start), ROWS.name: self.kept[ROWS.name]}
        return replace(visit.followed(start), kept=kept, start=start)

    @property
    def came_with_data(self) -> bool:
        """Whether the settings are those that the data brought along, and none is changed yet."""
        return self.can_undo and self.settings == self.start

    def painted(self, stroke: Stroke) -> Visit:
        """Learn from what was painted; the first stroke brings the settings of a painting along."""
        painting, now = stroke.painting, self.settings.data
        visit = self.took(painting) if isinstance(now, Painting) else self.started_on(painting)
        return replace(visit, stroke=stroke)

    def _brought_with(self, data: str | UserData) -> Mapping[str, UserData]:
        return {**self.brought, data.kind: data} if isinstance(data, UserData) else self.brought

    def waiting_for(self, query: Query) -> Visit:
        """Ask for the file that an address means, if it is not at hand."""
        if not file_of(query) or isinstance(self.settings.data, Table):
            return self
        return replace(self, wanted=query, asks_for_file=True)

    @property
    def waits_for(self) -> tuple[Query, Reference] | None:
        """The address whose file is not here, and which file it means, while it is asked for."""
        reference = file_of(self.wanted) if self.wanted and self.asks_for_file else None
        return (self.wanted, reference) if self.wanted and reference else None

    def with_pins_of(self, address: Address) -> Visit:
        """Keep what a link, whose file has come, has beside its settings."""
        pins = each_once((*address.view.pins, *self.pins))[:MOST_PINS]
        return replace(self, pins=pins, notices=address.notices)

    # What was on the screen

    def showing(self, settings: Settings, now: float) -> Visit:
        """Note that the run of these settings is on the screen now."""
        if settings == self.shown:
            return self
        was_looked_at = self.since is not None and now - self.since >= REST
        rested = self.rested
        if self.shown and was_looked_at:
            rested = (*(each for each in rested if each != self.shown), self.shown)[-2:]
        return replace(self, shown=settings, since=None, rested=rested)

    def resting(self, now: float) -> Visit:
        """Note that all of the run is drawn."""
        return self if self.since is not None else replace(self, since=now)

    @property
    def looked_at_before(self) -> Settings | None:
        """What the visitor last rested on before these settings."""
        return next((each for each in reversed(self.rested) if each != self.settings), None)

    @property
    def went_on_from(self) -> int | None:
        """The last state of that run, if this one is the same at first, and then goes on."""
        before = self.looked_at_before
        return before.epochs if before and begins_as(self.settings, before) else None
