"""Visit: what one visitor has set and looks at, as a frozen record with plain transitions.

This module does not use Streamlit. Clicks can arrive twice and in any order; an invalid click
leaves the visit unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tinynet.links.address import WATCH, Address, Query, View, file_of, put_together
from tinynet.links.maps import OPENING, MapView
from tinynet.links.pins import MOST_PINS, each_once
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
from tinynet.ui.guided import Guided
from tinynet.user_data import Painting, Reference, Table, UserData

MOST_UNDOS = 50
PICKED = ("row", "layer", "unit", "output")
# New data bring recommended settings, except for these knobs.
UNCHANGED_BY_DATA = (SEED, WEIGHT_SEED, ROWS, DEVICE)


@dataclass(frozen=True)
class Visit(Guided):
    """What one visitor has set and looks at."""

    # The last value of each knob, to restore when a hidden knob applies again.
    kept: Mapping[str, Any] = field(default_factory=lambda: values_of(ARTICLE))
    spare: tuple[int, ...] = ()  # the widths of removed layers, in the order of removal
    stops: Settings = ARTICLE  # the last jump's settings, which the sliders have as stops
    opening: Settings | None = None  # the run that plays once: the first run, or a new run

    tab: str = WATCH
    state: int | None = None  # the state of the network on the stage; None is the last state
    moves: int = 0  # how often the page, and not the player, has set this state
    map: MapView = OPENING
    map_place: int = 0  # how often the page, and not the visitor, has moved the map
    last_map: SweepRequest | None = None  # the map drawn last
    notices: tuple[str, ...] = ()
    steps: int = 0  # how often the visitor has gone back or forward, as far as the server knows
    jumps: int = 0  # how often the page, and not a slider, has changed the settings

    undos: tuple[Settings, ...] = ()  # the settings before each hint that was followed
    undos_from: Settings | None = None  # the settings that the last of these hints led to
    start: Settings | None = None  # the settings that came with the data

    batch: int = 0  # the batch of the epoch in *Look inside*
    row: int = 0  # a row of that batch
    layer: int = 0  # a hidden layer
    unit: int | None = None  # a unit of that layer; None is the unit with the largest gradient
    output: int = 0  # an output of the network
    row_of_file: tuple[Settings, int] | None = None  # a run, and its row that the stage shows

    brought: Mapping[str, UserData] = field(default_factory=lambda: {Painting.kind: STARTER})
    asks_for_file: bool = False  # the network still trains on the previous data
    wanted: Query | None = None  # the address of a link whose file is missing
    stroke: Stroke | None = None  # the last stroke on the plane

    @classmethod
    def opened(cls, address: Address, before: Visit | None = None) -> Visit:
        """Return the visit that an address describes; keep the data of the visit `before`."""
        view, settings = address.view, address.settings
        is_first = before is None or before.shown is None
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
        )
        visit = visit._set(settings, address.notices).with_lesson_of_link()  # noqa: SLF001 - its own
        return replace(visit, opening=settings) if is_plain and is_first else visit

    @property
    def view(self) -> View:
        """The part of a visit that an address contains in addition to the settings."""
        return View(self.tab, self.state, self.map, self.pins, self.is_presented)

    # Settings

    def changed(self, knob: Knob[Any], value: Any) -> Visit:
        """Set one knob; a new seed seeds the weights too."""
        kept = {**self.kept, knob.name: value}
        if knob is SEED:
            kept[WEIGHT_SEED.name] = WEIGHT_SEED.article
        return replace(self, kept=kept, settings=put_together(kept, []), notices=())

    def went_to(self, settings: Settings) -> Visit:
        """Jump to other settings, and to the end of their run."""
        return replace(self._set(settings, ()), state=None)

    def _set(self, settings: Settings, notices: tuple[str, ...]) -> Visit:
        return replace(
            self,
            settings=settings,
            kept=values_of(settings),
            spare=(),
            stops=settings,
            opening=None,
            jumps=self.jumps + 1,
            moves=self.moves + 1,
            brought=self._brought_with(settings.data),
            asks_for_file=False,
            wanted=None,
            notices=notices,
        )

    def with_layer(self) -> Visit:
        """Add a hidden layer, with the width of the last removed layer or the default width."""
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
        """Seed the weights with `drawn`, or `drawn` + 1, to skip the current seed."""
        seed, own = self.settings.seed, self.settings.weight_seed
        current = seed if own is None else own
        return self.changed(WEIGHT_SEED, drawn + (drawn >= current))

    def followed(self, wanted: Settings) -> Visit:
        """Follow a hint; moving a slider by hand clears the earlier undo steps."""
        undos = self.undos if self.can_undo else ()
        undos = (*undos, self.settings)[-MOST_UNDOS:]
        return replace(self.went_to(wanted), undos=undos, undos_from=wanted, opening=wanted)

    @property
    def can_undo(self) -> bool:
        """Whether the settings are still the settings that a hint led to."""
        return bool(self.undos) and self.undos_from == self.settings

    def undone(self) -> Visit:
        """Go back to the settings before the last hint."""
        if not self.can_undo:
            return self
        *undos, before = self.undos
        return replace(self.went_to(before), undos=tuple(undos), undos_from=before)

    @property
    def longer(self) -> Settings | None:
        """The same settings with twice the epochs; None beyond the largest number of epochs."""
        epochs = 2 * self.settings.epochs
        return replace(self.settings, epochs=epochs) if epochs <= EPOCHS.maximum else None

    def with_lesson(self, name: str, settings: Settings) -> Visit:
        """Open a lesson on one of its runs, in the first tab."""
        if name not in self.lessons:
            return self
        visit = replace(self.went_to(settings), lesson=name, tab=WATCH, opening=settings)
        return replace(visit, is_answered=self.is_answered and name == self.lesson_shown)

    # What the visitor looks at

    def at_state(self, state: int, epochs: int) -> Visit:
        """Show a state of a run; the last state is kept as None, the last state of any run."""
        return replace(self, state=None if state >= epochs else state)

    def within(self, epochs: int) -> Visit:
        """Limit the shown state to a run of `epochs` epochs."""
        return self if self.state is None else self.at_state(self.state, epochs)

    def at_epoch(self, epoch: int, epochs: int, batch: int) -> Visit:
        """Open an epoch and one of its batches; the last epoch leads to the last state."""
        state = None if epoch >= epochs - 1 else epoch
        return replace(self, state=state, moves=self.moves + 1, batch=batch)

    def picked(self, places: Mapping[str, int]) -> Visit:
        """Pick a row, a hidden layer, a unit or an output, by the names of these fields."""
        known: dict[str, Any] = {name: at for name, at in places.items() if name in PICKED}
        return replace(self, **known)

    def with_row(self, number: int | None) -> Visit:
        """Show only this row of the file on the stage, for this run; None shows all rows."""
        return replace(self, row_of_file=None if number is None else (self.settings, number))

    @property
    def row_shown(self) -> int | None:
        """The number of the row that the stage shows; None if it shows all rows."""
        settings, number = self.row_of_file or (None, None)
        return number if settings == self.settings else None

    def with_map(self, view: MapView, *, is_told: bool = False) -> Visit:
        """Show another part of the map; `is_told` makes the browser move there."""
        return replace(self, map=view, map_place=self.map_place + is_told)

    @property
    def data_picked(self) -> str:
        """The selected option of the data menu."""
        return Table.kind if self.asks_for_file else DATA.kind(self.settings.data)

    def with_data(self, kind: str) -> Visit:
        """Train on a built-in data set or on the visitor's data, or ask for a file."""
        visit = replace(self, wanted=None, asks_for_file=False, notices=())
        if kind == DATA.kind(self.settings.data):
            return visit
        data = kind if kind in DATA.table else self.brought.get(kind)
        return replace(visit, asks_for_file=True) if data is None else self.started_on(data)

    def took(self, data: str | UserData) -> Visit:
        """Train on other data with all other settings unchanged."""
        brought = self._brought_with(data)
        return replace(self.changed(DATA, data), brought=brought, asks_for_file=False, wanted=None)

    def started_on(self, data: str | UserData) -> Visit:
        """Train on other data with the settings that suit them; *Undo* goes back."""
        visit = self.took(data)
        before = visit.settings
        unchanged = {each.name: getattr(before, each.name) for each in UNCHANGED_BY_DATA}
        start = Settings.starting(data, **unchanged)
        if start == before:
            return visit
        kept = {**values_of(start), ROWS.name: self.kept[ROWS.name]}
        return replace(visit.started_with(start), kept=kept)

    def started_with(self, settings: Settings) -> Visit:
        """Go to settings that suit their data; *Undo* goes back."""
        return replace(self.followed(settings), start=settings)

    @property
    def came_with_data(self) -> bool:
        """Whether the settings came with the data and are still unchanged."""
        return self.can_undo and self.settings == self.start

    def painted(self, stroke: Stroke) -> Visit:
        """Train on a painting; the first stroke also leads to the recommended settings."""
        if not isinstance(self.settings.data, Painting):
            return replace(self.started_on(stroke.painting), stroke=stroke, opening=None)
        visit = replace(self.took(stroke.painting), stroke=stroke)
        if not self.came_with_data:
            return visit
        start, before = visit.settings, {**values_of(self.undos[-1]), DATA.name: stroke.painting}
        undos = (*self.undos[:-1], put_together(before, []))
        return replace(visit, start=start, undos=undos, undos_from=start)

    def _brought_with(self, data: str | UserData) -> Mapping[str, UserData]:
        return {**self.brought, data.kind: data} if isinstance(data, UserData) else self.brought

    def waiting_for(self, query: Query) -> Visit:
        """Ask for the file that an address names, if it is missing."""
        if not file_of(query) or isinstance(self.settings.data, Table):
            return self
        return replace(self, wanted=query, asks_for_file=True)

    @property
    def waits_for(self) -> tuple[Query, Reference] | None:
        """The address whose file is missing, and a reference to that file."""
        reference = file_of(self.wanted) if self.wanted and self.asks_for_file else None
        return (self.wanted, reference) if self.wanted and reference else None

    def with_pins_of(self, address: Address) -> Visit:
        """Take over the pins and the notices of a link whose file has arrived."""
        pins = each_once((*address.view.pins, *self.pins))[:MOST_PINS]
        return replace(self, pins=pins, notices=address.notices)
