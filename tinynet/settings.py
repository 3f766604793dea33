"""Settings: every knob once, with the article's value, its range and what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Generic, TypeVar

Number = TypeVar("Number", bound=float)  # int is one too

MOST_LAYERS = 6
DEVICE_NAME = re.compile(r"(cpu|cuda|mps|xpu)(:\d{1,2})?", re.ASCII)
DEVICES_ALLOWED = "cpu, cuda, mps or xpu, with an index if need be (cuda:1)"
_DECIMAL = re.compile(r"(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_LONGEST_NUMBER = 24  # characters; the longest float in a knob's range needs 21


class SettingsError(ValueError):
    """A setting that makes no sense; the message names the knob, the value and what is allowed."""


@dataclass(frozen=True)
class Knob(Generic[Number]):
    """One number that a visitor can turn."""

    name: str  # the field of `Settings`
    parameter: str  # its name in the address of the page
    label: str
    meaning: str
    article: Number
    minimum: Number
    maximum: Number
    stops: tuple[Number, ...]  # where the slider holds; `Settings` takes any value in range

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense here."""
        return isinstance(self.article, int)

    @property
    def allowed(self) -> str:
        """What is allowed, in words: "a whole number from 1 to 64"."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {number_text(self.minimum)} to {number_text(self.maximum)}"

    def check(self, value: Any) -> Number:
        """Return the value as this knob's own type; SettingsError if it makes no sense."""
        kind: Any = Integral if self.whole else Real
        if isinstance(value, bool) or not isinstance(value, kind):
            raise SettingsError(self.refusal(value))
        if not self.minimum <= value <= self.maximum:  # NaN is refused here too
            raise SettingsError(self.refusal(value))
        return type(self.article)(value)

    def read(self, text: str) -> Number:
        """Return the value that a decimal text spells; SettingsError if it spells none."""
        if len(text) > _LONGEST_NUMBER or not _DECIMAL.fullmatch(text):
            raise SettingsError(self.refusal(text))
        number = Decimal(text)  # exact: as a float, 1e-400 would be the whole number 0
        whole = self.whole and number == number.to_integral_value()
        return self.check(int(number) if whole else float(number))

    def refusal(self, value: object) -> str:
        """Return the sentence that refuses a value."""
        return f"{self.name} must be {self.allowed}, not {_shortened(value)}."


HIDDEN_UNITS = Knob(
    name="hidden_units",
    parameter="hidden",
    label="Hidden units",
    meaning="How many ReLU neurons stand between the ten inputs and the output. "
    "The more there are, the more they can learn.",
    article=5,
    minimum=1,
    maximum=64,
    stops=tuple(range(1, 65)),
)
LEARNING_RATE = Knob(
    name="learning_rate",
    parameter="lr",
    label="Learning rate",
    meaning="How far each update follows the gradient downhill. "
    "Too small and nothing happens; too large and the loss bounces.",
    article=0.01,
    minimum=0.0001,
    maximum=10.0,
    stops=(
        *(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02),
        *(0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    ),
)
EPOCHS = Knob(
    name="epochs",
    parameter="epochs",
    label="Epochs",
    meaning="How many times the network sees the whole batch and is updated.",
    article=50,
    minimum=1,
    maximum=10_000,
    stops=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
)
SEED = Knob(
    name="seed",
    parameter="seed",
    label="Seed",
    meaning="The number that PyTorch's dice start from: it decides the inputs and the first "
    "weights. The article sets none; the same seed always gives the same run.",
    article=0,
    minimum=0,
    maximum=999,
    stops=tuple(range(1_000)),
)


@dataclass(frozen=True)
class Settings:
    """What one training run is made from; the defaults are the article's.

    Raises SettingsError for values that make no sense.
    """

    hidden_units: tuple[int, ...] = (HIDDEN_UNITS.article,)  # a plain int is taken as one layer
    learning_rate: float = LEARNING_RATE.article
    epochs: int = EPOCHS.article
    device: str = "cpu"
    seed: int = SEED.article
    zero_gradients: bool = True  # False leaves optimizer.zero_grad() out, as one forgets it

    def __post_init__(self) -> None:
        """Check every knob, and hold each value as its own plain type."""
        checked = {
            "hidden_units": _check_layers(self.hidden_units),
            "learning_rate": LEARNING_RATE.check(self.learning_rate),
            "epochs": EPOCHS.check(self.epochs),
            "device": check_device(self.device),
            "seed": SEED.check(self.seed),
            "zero_gradients": _check_switch(self.zero_gradients),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)


def differences(settings: Settings, other: Settings) -> list[str]:
    """Return the knobs that the other settings turn otherwise, as these have them."""
    words = {
        HIDDEN_UNITS.label: " and ".join(map(str, settings.hidden_units)),
        LEARNING_RATE.label: number_text(settings.learning_rate),
        EPOCHS.label: f"{settings.epochs:,}",
        "Device": settings.device,
        SEED.label: str(settings.seed),
        "zero_grad()": "kept" if settings.zero_gradients else "forgotten",
    }
    pairs = zip(words.items(), fields(settings), strict=True)
    return [
        f"{label.lower()} {value}"
        for (label, value), field in pairs
        if getattr(settings, field.name) != getattr(other, field.name)
    ]


def check_device(name: object) -> str:
    """Return the name of a device that PyTorch knows of; SettingsError for any other."""
    if isinstance(name, str) and DEVICE_NAME.fullmatch(name):
        return name
    raise SettingsError(f"device must be {DEVICES_ALLOWED}, not {_shortened(name)}.")


def number_text(number: float) -> str:
    """Return a number as the shortest decimal: 1, 0.01, 10000."""
    return repr(number).removesuffix(".0")


def _check_layers(widths: object) -> tuple[int, ...]:
    if not isinstance(widths, (tuple, list)):
        return (HIDDEN_UNITS.check(widths),)
    if not 1 <= len(widths) <= MOST_LAYERS:
        raise SettingsError(
            f"hidden_units must hold the widths of 1 to {MOST_LAYERS} layers, not {len(widths)}."
        )
    return tuple(HIDDEN_UNITS.check(width) for width in widths)


def _check_switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise SettingsError(f"zero_gradients must be True or False, not {_shortened(value)}.")


def _shortened(value: object) -> str:
    if isinstance(value, int) and abs(value) > 10**_LONGEST_NUMBER:
        return f"{Decimal(value):.3g}"  # Python refuses to write out the very largest
    text = repr(value)
    return text if len(text) <= _LONGEST_NUMBER else f"{text[:_LONGEST_NUMBER]}…"
