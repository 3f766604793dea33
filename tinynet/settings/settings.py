"""Settings: what one run is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from tinynet.registry.data_sets import DATA_SETS, DataSet
from tinynet.registry.tasks import TASKS, Task
from tinynet.settings import knobs
from tinynet.settings.kinds import Knob, SettingsError, Value, listed
from tinynet.user_data import UserData


def set_by(knob: Knob[Value]) -> Value:
    """Make a field of `Settings` that a knob turns; the type checker takes it for its default."""
    default = None if knob.follows else knob.article
    made: Any = field(default=default, metadata={"knob": knob})
    return made  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Settings:
    """What one training run is made from; the defaults are the article's.

    Settings that mean the same run are equal: a knob that has no meaning beside the others is
    brought to the article's value. Where the article's loss does not suit the data, one that does
    stands in for it; where the weights alone are drawn, the seed is theirs. Where nothing is said
    of `l2`, or None, it is the optimizer's own: 0.01 for AdamW, 0 for the others. Raises
    SettingsError for values that make no sense.
    """

    hidden_units: tuple[int, ...] = set_by(knobs.LAYERS)  # a plain int is taken as one layer
    learning_rate: float = set_by(knobs.LEARNING_RATE)
    epochs: int = set_by(knobs.EPOCHS)
    device: str = set_by(knobs.DEVICE)
    seed: int = set_by(knobs.SEED)
    zero_gradients: bool = set_by(knobs.ZERO_GRADIENTS)
    data: str | UserData = set_by(knobs.DATA)  # noqa: RUF009 - a field, as the others
    rows: int = set_by(knobs.ROWS)
    noise: float = set_by(knobs.NOISE)
    test_share: float = set_by(knobs.TEST_SHARE)
    features: tuple[str, ...] = set_by(knobs.INPUT_FEATURES)
    activation: str = set_by(knobs.ACTIVATION)
    loss: str = set_by(knobs.LOSS)
    optimizer: str = set_by(knobs.OPTIMIZER)
    schedule: str = set_by(knobs.SCHEDULE)
    last_layer_rate: float = set_by(knobs.LAST_LAYER_RATE)
    l1: float = set_by(knobs.L1)
    l2: float = set_by(knobs.L2)
    batch_size: int = set_by(knobs.BATCH_SIZE)
    initialisation: str = set_by(knobs.INITIALISATION)
    weight_seed: int | None = set_by(knobs.WEIGHT_SEED)
    clip: float = set_by(knobs.CLIP)

    def __post_init__(self) -> None:
        """Check every knob, and bring those without a meaning to the article's value."""
        for knob in KNOBS:
            value = getattr(self, knob.name)
            is_unsaid = value is None and knob.follows
            self._set(knob, knob.usual(self) if is_unsaid else knob.check(value))
        if unsuited := self.refusal_of_loss(self.loss):
            if self.loss != knobs.LOSS.article:
                raise unsuited
            self._set(knobs.LOSS, knobs.LOSS.offered(self)[0])
        if not self.draws_rows and self.weight_seed is not None:
            self._set(knobs.SEED, self.weight_seed)
        for knob in KNOBS:
            if not knob.applies(self) or knob.does_the_same(self):
                self._set(knob, knob.article)

    @classmethod
    def starting(cls, data: str | UserData, **others: Any) -> Self:
        """Return settings to start from on these data, and other values beside or in their place.

        SettingsError as above. Those of the built-in data sets learn them, with most seeds.
        """
        start = cls(data=data).data_set.start
        return cls(**{**start, **others}, data=data)

    def __repr__(self) -> str:
        """Return what makes them: the article's numbers, and whatever else differs from it."""
        values = [(knob, getattr(self, knob.name)) for knob in KNOBS]
        said = (
            f"{knob.name}={value!r}"
            for knob, value in values
            if knob.always_named or value != knob.usual(self)
        )
        return f"Settings({', '.join(said)})"

    def _set(self, knob: Knob[Any], value: object) -> None:
        object.__setattr__(self, knob.name, value)

    def refusal_of_loss(self, loss: str) -> SettingsError | None:
        """Return what is wrong with a loss beside the data; None if they go together."""
        losses = knobs.LOSS.offered(self)
        if loss in losses:
            return None
        data = f"data {knobs.DATA.kind(self.data)}, whose targets are {self.task.targets}"
        message = f"loss must be {listed(losses, 'or')} with {data}, not {loss!r}."
        return SettingsError(message, knobs.LOSS.name)

    @property
    def data_set(self) -> DataSet:
        """The entry of the table, or what stands for one."""
        return self.data.data_set if isinstance(self.data, UserData) else DATA_SETS[self.data]

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files that the script reads, by name."""
        return self.data.files if isinstance(self.data, UserData) else {}

    @property
    def user_bytes(self) -> int:
        """What data of one's own take of the memory, in bytes."""
        return self.data.nbytes if isinstance(self.data, UserData) else 0

    @property
    def task(self) -> Task:
        """What the network is to tell of a row: the entry of the table."""
        return TASKS[self.data_set.task]

    @property
    def outputs(self) -> int:
        """How many numbers the network gives for each row."""
        return self.data_set.outputs

    @property
    def all_rows(self) -> int:
        """How many rows are drawn, those for the test included."""
        return self.data_set.rows or self.rows

    @property
    def test_rows(self) -> int:
        """How many of them are kept from the training."""
        return min(round(self.all_rows * self.test_share), self.all_rows - 1)

    @property
    def draws_rows(self) -> bool:
        """Whether the dice decide the rows, or which of them are for the test."""
        return not isinstance(self.data, UserData) or self.test_rows > 0

    @property
    def training_rows(self) -> int:
        """How many are trained on; one at the least."""
        return self.all_rows - self.test_rows

    @property
    def rates(self) -> tuple[float, ...]:
        """The learning rate; and that of the last layer, if it has another."""
        rate, times = self.learning_rate, self.last_layer_rate
        return (rate,) if times == knobs.LAST_LAYER_RATE.article else (rate, rate * times)

    @property
    def inputs(self) -> int:
        """How many numbers the network is given of each row."""
        return len(self.features) if knobs.INPUT_FEATURES.applies(self) else self.data_set.inputs


KNOBS: tuple[Knob[Any], ...] = tuple(each.metadata["knob"] for each in fields(Settings))
ARTICLE = Settings()


def meaningful(settings: Settings) -> tuple[Knob[Any], ...]:
    """Return the knobs that have a meaning beside the others; a page hides the rest."""
    return tuple(knob for knob in KNOBS if knob.applies(settings))


def changed(settings: Settings) -> list[Knob[Any]]:
    """Return the knobs that are not as the article has them, nor as follows from the others."""
    return [knob for knob in KNOBS if getattr(settings, knob.name) != knob.usual(settings)]


def values_of(settings: Settings) -> dict[str, Any]:
    """Return the value of every knob, by its name; None for what follows from the others."""
    return {knob.name: knob.given(settings) for knob in KNOBS}


def set_to(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Return settings with other values, and what follows from them.

    One width is that of every hidden layer.
    """
    values = {**values_of(settings), **values}
    width = values.get(knobs.LAYERS.name)
    if isinstance(width, int):
        values[knobs.LAYERS.name] = (width,) * max(1, len(settings.hidden_units))
    return Settings(**values)


def differences(settings: Settings, other: Settings) -> list[str]:
    """Return the knobs that differ from those of the other settings, with their values here."""
    return [
        knob.in_words(getattr(settings, knob.name))
        for knob in KNOBS
        if knob.given(settings) != knob.given(other)
    ]
