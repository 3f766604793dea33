"""Settings: a value for each knob, which together define one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Self

from tinynet.registry.data_sets import DATA_SETS, DataSet
from tinynet.registry.scales import SCALES
from tinynet.registry.tasks import TASKS, Task
from tinynet.settings import knobs
from tinynet.settings.knob import Knob, SettingsError, Value, listed
from tinynet.user_data import UserData


def knob_field(knob: Knob[Value]) -> Value:
    """Return a field of `Settings` for a knob; type checkers see its default value."""
    default = None if knob.follows else knob.article
    result: Any = field(default=default, metadata={"knob": knob})
    return result  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Settings:
    """The definition of one training run; the defaults are the article's.

    Settings of the same run are equal: knobs without an effect are set to the article's value. If
    the article's loss does not suit the data, a suitable loss replaces it. If only the weights
    are random, `seed` takes the value of `weight_seed`. The default of `l2`, None, means the
    optimizer's own default: 0.01 for AdamW, otherwise 0. SettingsError for invalid values.
    """

    hidden_units: tuple[int, ...] = knob_field(knobs.LAYERS)  # a plain int means one layer
    learning_rate: float = knob_field(knobs.LEARNING_RATE)
    epochs: int = knob_field(knobs.EPOCHS)
    device: str = knob_field(knobs.DEVICE)
    seed: int = knob_field(knobs.SEED)
    zero_gradients: bool = knob_field(knobs.ZERO_GRADIENTS)
    data: str | UserData = knob_field(knobs.DATA)  # noqa: RUF009 - a field, like the others
    rows: int = knob_field(knobs.ROWS)
    noise: float = knob_field(knobs.NOISE)
    test_share: float = knob_field(knobs.TEST_SHARE)
    scale: str = knob_field(knobs.SCALE)
    features: tuple[str, ...] = knob_field(knobs.INPUT_FEATURES)
    activation: str = knob_field(knobs.ACTIVATION)
    loss: str = knob_field(knobs.LOSS)
    optimizer: str = knob_field(knobs.OPTIMIZER)
    schedule: str = knob_field(knobs.SCHEDULE)
    last_layer_rate: float = knob_field(knobs.LAST_LAYER_RATE)
    l1: float = knob_field(knobs.L1)
    l2: float = knob_field(knobs.L2)
    batch_size: int = knob_field(knobs.BATCH_SIZE)
    initialisation: str = knob_field(knobs.INITIALISATION)
    weight_seed: int | None = knob_field(knobs.WEIGHT_SEED)
    clip: float = knob_field(knobs.CLIP)
    keep: str = knob_field(knobs.KEEP)

    def __new__(cls, *values: Any, **given: Any) -> Self:
        """Refuse unknown names, and the article's loss if it is named and does not suit the data.

        `__init__` cannot tell a named value from a default. `replace` names all values.
        """
        for name in given:
            if name not in cls.__dataclass_fields__:
                raise _unknown(name)
        names_all = len(values) + len(given) == len(cls.__dataclass_fields__)
        if not names_all and given.get(knobs.LOSS.name) == knobs.LOSS.article and "data" in given:
            unsuited = cls(data=given["data"]).refusal_of_loss(knobs.LOSS.article)
            if unsuited:
                raise unsuited
        return super().__new__(cls)

    def __post_init__(self) -> None:
        """Check every knob, and set knobs without an effect to the article's value."""
        for knob in KNOBS:
            value = getattr(self, knob.name)
            is_default = value is None and knob.follows
            self._set(knob, knob.usual(self) if is_default else knob.check(value))
        if unsuited := self.refusal_of_loss(self.loss):
            if self.loss != knobs.LOSS.article:
                raise unsuited
            self._set(knobs.LOSS, knobs.LOSS.offered(self)[0])
        if not self.draws_rows and self.weight_seed is not None:
            self._set(knobs.SEED, self.weight_seed)
        for knob in KNOBS:
            if not knob.applies(self) or knob.has_same_effect(self):
                self._set(knob, knob.article)

    @classmethod
    def starting(cls, data: str | UserData, **others: Any) -> Self:
        """Return recommended settings for these data, with the given values.

        With these settings and most seeds, a network learns a built-in data set.
        """
        start = cls(data=data).data_set.start
        return cls(**{**start, **others}, data=data)

    def __repr__(self) -> str:
        """Return the call that creates the settings, with all differences from the article."""
        values = [(knob, getattr(self, knob.name)) for knob in KNOBS]
        arguments = (
            f"{knob.name}={value!r}"
            for knob, value in values
            if knob.always_named or value != knob.usual(self)
        )
        return f"Settings({', '.join(arguments)})"

    def _set(self, knob: Knob[Any], value: object) -> None:
        object.__setattr__(self, knob.name, value)

    def refusal_of_loss(self, loss: str) -> SettingsError | None:
        """Return why a loss does not suit the data; None if it does."""
        losses = knobs.LOSS.offered(self)
        if loss in losses:
            return None
        data = f"data {knobs.DATA.kind(self.data)}, whose targets are {self.task.targets}"
        message = f"loss must be {listed(losses, 'or')} with {data}, not {loss!r}."
        return SettingsError(message, knobs.LOSS.name)

    @property
    def data_set(self) -> DataSet:
        """The data set of the table, or of the user data."""
        return self.data.data_set if isinstance(self.data, UserData) else DATA_SETS[self.data]

    @property
    def x_scaled(self) -> str:
        """The expression that scales x, given the training `rows`; "" for no scaling."""
        return SCALES[self.scale].x_scaled or self.data_set.x_scaled

    @property
    def measures_rows(self) -> bool:
        """Whether filling or scaling depends on the training rows."""
        return "rows" in f"{self.data_set.x_usual}{self.x_scaled}{self.data_set.y_scaled}"

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files that the script reads, by name."""
        return self.data.files if isinstance(self.data, UserData) else {}

    @property
    def user_bytes(self) -> int:
        """The size of user data in memory, in bytes."""
        return self.data.nbytes if isinstance(self.data, UserData) else 0

    @property
    def task(self) -> Task:
        """The task of the data set."""
        return TASKS[self.data_set.task]

    @property
    def outputs(self) -> int:
        """The number of the network's outputs."""
        return self.data_set.outputs

    @property
    def all_rows(self) -> int:
        """The number of rows, including the test rows."""
        return self.data_set.rows or self.rows

    @property
    def test_rows(self) -> int:
        """The number of test rows."""
        return min(round(self.all_rows * self.test_share), self.all_rows - 1)

    @property
    def draws_rows(self) -> bool:
        """Whether the seed decides the rows, or which of them are test rows."""
        return not isinstance(self.data, UserData) or self.test_rows > 0

    @property
    def training_rows(self) -> int:
        """The number of training rows, which is at least 1."""
        return self.all_rows - self.test_rows

    @property
    def rates(self) -> tuple[float, ...]:
        """The learning rate, then the last layer's rate if it has its own."""
        rate, times = self.learning_rate, self.last_layer_rate
        return (rate,) if times == knobs.LAST_LAYER_RATE.article else (rate, rate * times)

    @property
    def inputs(self) -> int:
        """The number of the network's inputs."""
        return len(self.features) if knobs.INPUT_FEATURES.applies(self) else self.data_set.inputs


KNOBS: tuple[Knob[Any], ...] = tuple(each.metadata["knob"] for each in fields(Settings))
ARTICLE = Settings()


def _unknown(name: str) -> TypeError:
    """Return an error for an argument that is not a knob; it names the knob that may be meant."""
    names = {knob.parameter: knob.name for knob in KNOBS} | {each.name: each.name for each in KNOBS}
    alike = get_close_matches(name, names, 1)
    lead = (
        f"did you mean {names[alike[0]]}?"
        if alike
        else f"there are {listed(dict.fromkeys(names.values()), 'and')}."
    )
    return TypeError(f"Settings has no {name[:40]!r}: {lead}")


def meaningful(settings: Settings) -> tuple[Knob[Any], ...]:
    """Return the knobs that have an effect with these settings; the page hides the other knobs."""
    return tuple(knob for knob in KNOBS if knob.applies(settings))


def changed(settings: Settings) -> list[Knob[Any]]:
    """Return the knobs whose values are not the defaults."""
    return [knob for knob in KNOBS if getattr(settings, knob.name) != knob.usual(settings)]


def values_of(settings: Settings) -> dict[str, Any]:
    """Return the value of every knob by name; None for derived defaults."""
    return {knob.name: knob.given(settings) for knob in KNOBS}


def set_to(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return settings with other values, and derive the derived defaults again.

    `dataclasses.replace` would keep the weight decay of the former optimizer. A single width
    becomes the width of every hidden layer.
    """
    values = {**values_of(settings), **values}
    width = values.get(knobs.LAYERS.name)
    if isinstance(width, int):
        values[knobs.LAYERS.name] = (width,) * max(1, len(settings.hidden_units))
    return Settings(**values)


def differences(settings: Settings, other: Settings) -> list[str]:
    """Return the differing knobs and their values in `settings`, in words."""
    return [
        knob.in_words(getattr(settings, knob.name))
        for knob in KNOBS
        if knob.given(settings) != knob.given(other)
    ]
