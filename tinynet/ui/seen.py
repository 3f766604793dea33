"""Seen runs: the run on the screen, the runs looked at before, and the pinned runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from tinynet.links.pins import Pin, have_room
from tinynet.settings import ARTICLE, Settings
from tinynet.training.expressions import begins_as

LONG_ENOUGH = 0.5  # seconds on the screen after which a run counts as looked at


@dataclass(frozen=True)
class SeenRuns:
    """The current settings, the run on the screen, the runs looked at before, the pinned runs."""

    settings: Settings = ARTICLE
    shown: Settings | None = None  # the settings of the run drawn last
    since: float | None = None  # when the whole page of that run was drawn, in seconds
    looked_at: tuple[Settings, ...] = ()  # the last two runs looked at, oldest first
    pins: tuple[Pin, ...] = ()

    def showing(self, now: float) -> Self:
        """Note that the run of the current settings is on the screen now."""
        if self.settings == self.shown:
            return self
        looked_at = self.looked_at
        if self.shown and self.since is not None and now - self.since >= LONG_ENOUGH:
            looked_at = (*(each for each in looked_at if each != self.shown), self.shown)[-2:]
        return replace(self, shown=self.settings, since=None, looked_at=looked_at)

    def resting(self, now: float) -> Self:
        """Note that the whole page is drawn."""
        return self if self.since is not None else replace(self, since=now)

    @property
    def looked_at_before(self) -> Settings | None:
        """The settings of the last run that the visitor looked at before the current run."""
        return next((each for each in reversed(self.looked_at) if each != self.settings), None)

    @property
    def went_on_from(self) -> int | None:
        """The last state of the run looked at before, if the current run continues it."""
        before = self.looked_at_before
        return before.epochs if before and begins_as(self.settings, before) else None

    def can_pin(self, wanted: Pin) -> bool:
        """Tell whether a run is not pinned yet and there is room for it."""
        is_pinned = any(each.settings == wanted.settings for each in self.pins)
        return not is_pinned and have_room(self.pins, wanted)

    def pinned(self, wanted: Pin) -> Self:
        """Pin a run, if possible."""
        return replace(self, pins=(*self.pins, wanted)) if self.can_pin(wanted) else self

    def unpinned(self, settings: Settings) -> Self:
        """Remove a pinned run."""
        return replace(self, pins=tuple(each for each in self.pins if each.settings != settings))

    def renamed(self, settings: Settings, name: str) -> Self:
        """Name a pinned run."""
        named = {each: replace(each, name=name) for each in self.pins if each.settings == settings}
        return replace(self, pins=tuple(named.get(each, each) for each in self.pins))
