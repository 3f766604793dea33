"""Settings -> how well they do against the best constant and a linear network, on several splits.

All three are judged on the same rows, as the coach judges: on the test rows, if there are enough.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np

from tinynet.analysis.coach.trial import BYTES_OF_AN_END
from tinynet.analysis.coach.trying import SLICE, seeds_from, train_to_the_end
from tinynet.analysis.diagnosis.ends import End, end_from, end_of, judges_test_rows
from tinynet.registry.losses import LOSSES
from tinynet.settings import ARTICLE, Settings, set_to
from tinynet.training.prediction import targets_of
from tinynet.training.run import Run
from tinynet.training.train import Training
from tinynet.training.turns import InTurns

SPLITS, MOST_SPLITS = 5, 20
# A network without hidden layers that has settled: all rows at once, and no penalty.
AS_IN_THE_ARTICLE = (
    *("batch_size", "l1", "clip", "keep"),
    *("zero_gradients", "last_layer_rate", "initialisation"),
)
LINEAR = {name: getattr(ARTICLE, name) for name in AS_IN_THE_ARTICLE} | {
    "hidden_units": (),
    "optimizer": "adam",
    "learning_rate": 0.05,
    "epochs": 1000,
    "l2": None,
    "schedule": "cosine",  # at a constant rate Adam may leave a minimum that it has reached
}
LATE, SETTLED = 0.5, 1e-3  # converged: after this share of the epochs, the loss falls by less


@dataclass(frozen=True)
class Rival:
    """How one kind of answer ended on each split."""

    name: str
    ends: tuple[End, ...]
    converged: bool = True  # on all splits

    @property
    def scores(self) -> tuple[float, ...]:
        """The share of correct rows, or R², of each split; NaN where R² is undefined."""
        return tuple(map(_score, self.ends))

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        return fmean(self.scores)

    @property
    def spread(self) -> float:
        """The standard deviation of the scores; 0 for one split."""
        return stdev(self.scores) if len(self.ends) > 1 else 0.0

    @property
    def words(self) -> str:
        """The result: "a linear network: 0.81 ± 0.03"."""
        doubt = "" if self.converged else ", not converged"
        return f"{self.name}: {self.mean:.2f} ± {self.spread:.2f}{doubt}"


class Rivals(NamedTuple):
    """The network and two simpler models, on the same rows."""

    network: Rival
    linear: Rival
    constant: Rival

    @property
    def nbytes(self) -> int:
        """The memory that the ends take, in bytes."""
        return sum(BYTES_OF_AN_END * len(each.ends) for each in self)


def rivals(settings: Settings, splits: int = SPLITS) -> tuple[Rival, ...]:
    """Return the network, a linear network and the best constant, each on several splits.

    A split is another seed: other test rows, other drawn rows, other weights. ValueError for fewer
    than 1 or more than 20 splits.
    """
    comparing = Comparing(settings, splits)
    comparing.finish()
    return comparing.result() or ()


class Comparing(InTurns):
    """A comparison in progress."""

    def __init__(self, settings: Settings, splits: int = SPLITS) -> None:
        super().__init__()
        if not 1 <= splits <= MOST_SPLITS:
            raise ValueError(f"splits must be from 1 to {MOST_SPLITS}, not {splits}.")
        self._splits = seeds_from(settings, splits)
        self._ends: list[tuple[End, End, End]] = []
        self._converged = True
        self._linear: Training | None = None
        self._steps = self._work()

    @property
    def share(self) -> float:
        """The share that is done, from 0 to 1."""
        return len(self._ends) / len(self._splits)

    @property
    def nbytes(self) -> int:
        """The memory that the comparison takes, in bytes."""
        in_progress = self._linear.nbytes if self._linear else 0
        return in_progress + BYTES_OF_AN_END * 3 * len(self._ends)

    def result(self) -> Rivals | None:
        """Return all three rivals; None before the end of the last split."""
        if not self.finished:
            return None
        network, linear, constant = zip(*self._ends, strict=True)
        return Rivals(
            Rival("this network", network),
            Rival("a linear network", linear, self._converged),
            Rival("the best constant", constant),
        )

    def _work(self) -> Iterator[None]:
        for settings in self._splits:
            network = yield from train_to_the_end(settings)
            linear = yield from self._train_linear(settings)
            self._converged &= has_converged(linear)
            self._ends.append((network, end_of(linear), constant_end(settings)))

    def _train_linear(self, settings: Settings) -> Generator[None, None, Run]:
        training = self._linear = Training(linear_settings(settings))
        while not training.finished:
            training.advance(SLICE)
            yield
        self._linear = None
        return training.to_run()


def linear_settings(settings: Settings) -> Settings:
    """Return the settings of a linear network on the same rows."""
    return set_to(settings, LINEAR)


def has_converged(run: Run) -> bool:
    """Tell whether the last epochs of a run have hardly changed its loss."""
    late = float(run.losses[int(LATE * len(run.losses))])
    return not run.diverged and abs(late - run.final_loss) <= SETTLED * late


def constant_end(settings: Settings) -> End:
    """Return the end of the best constant answer of the training rows."""
    training, test = targets_of(settings)
    targets = test if judges_test_rows(settings, test) else training
    constant = np.atleast_1d(LOSSES[settings.loss].constant_of(training.astype(np.float64)))
    absent = (0, settings.outputs - len(constant))  # the last classes may lack training rows
    constant = np.pad(constant, absent, constant_values=-np.inf)
    predictions = np.tile(constant, (len(targets), 1))
    loss = float(LOSSES[settings.loss].row_losses(predictions, targets).mean())
    end = end_from(settings, loss, predictions.astype(np.float32), targets)
    if majority := settings.task.majority_class:
        return replace(end, correct=int((targets == majority(training)).sum()))
    return end


def _score(end: End) -> float:
    if end.correct is not None:
        return end.correct / end.rows
    return float("nan") if end.r_squared is None else end.r_squared
