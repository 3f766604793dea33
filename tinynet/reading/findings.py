"""What has been read so far: values of knobs, lines that are understood, and lines that are not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from tinynet.settings import KNOBS, Settings, SettingsError
from tinynet.user_data import UserData

BY_NAME = {knob.name: knob for knob in KNOBS}


class Line(NamedTuple):
    """A line of a script, counted from 1, and what the line says or why it is not understood."""

    number: int
    words: str


class Marked(NamedTuple):
    """A line of a script, and in words what it sets, or why it is not understood."""

    text: str
    is_understood: bool | None  # None for a line that has no effect on the training
    words: str


class Findings:
    """Collects the values of knobs, and lines; at the end it makes settings of the values."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._places: dict[str, set[int]] = {}  # lines of each knob
        self._understood: list[Line] = []
        self._others: list[Line] = []

    def take(self, knob: str, value: Any, lines: Iterable[int]) -> None:
        """Take a knob's value from some lines; refuse the last line if the value is unknown."""
        if not isinstance(value, int | float | str | tuple | UserData):
            label = BY_NAME[knob].label
            self.refuse(max(lines), f"{label}: the script does not say the value outright.")
            return
        self.values[knob] = value
        self._places[knob] = set(lines)

    def take_more(self, knob: str, line: int) -> None:
        """Mark one more line with the value of a knob."""
        self._places[knob].add(line)

    def understand(self, lines: Iterable[int], words: str) -> None:
        """Mark lines that no knob depends on, such as the backward pass."""
        self._understood += [Line(number, words) for number in lines]

    def refuse(self, line: int, reason: str) -> None:
        """Note a line that is not understood, or only partly, and the reason."""
        self._others.append(Line(line, reason))

    def settings(self) -> Settings:
        """Return settings with all valid values; refuse the lines of invalid values."""
        values = dict(self.values)
        while True:
            try:
                return Settings(**values)
            except SettingsError as error:
                if error.knob not in values:
                    raise
                self.values.pop(error.knob)
                values.pop(error.knob)
                for line in self._places.pop(error.knob):
                    self.refuse(line, str(error))

    def understood(self, settings: Settings) -> tuple[Line, ...]:
        """Return the understood lines in order, with the values that the settings have."""
        lines = [
            Line(number, BY_NAME[knob].in_words(getattr(settings, knob)))
            for knob, numbers in self._places.items()
            for number in numbers
        ]
        return _in_order([*lines, *self._understood], "; ")

    def others(self) -> tuple[Line, ...]:
        """Return the lines that are not understood, in order."""
        return _in_order(self._others, " ")


def _in_order(lines: Iterable[Line], between: str) -> tuple[Line, ...]:
    """Sort lines by number, and join the words of equal lines."""
    said: dict[int, dict[str, None]] = {}
    for each in lines:
        said.setdefault(each.number, {})[each.words] = None
    return tuple(Line(number, between.join(said[number])) for number in sorted(said))
