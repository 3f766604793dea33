"""Lessons: small experiments, each a pair of runs, a question, and an answer that was tried.

An answer is a claim about runs, and a lesson carries it as a function of its two runs:
`tests/test_lessons.py` tries it over thirty seeds, `tests/benchmarks/lessons.py` over 130; what is
not so on all of those is said to be so mostly. The answer says no more than the claim checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinynet.settings import Settings
from tinynet.training.run import Run, has_dead_layer


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """`holds(run, beside)` tells whether two runs of one seed show what the answer says."""

    title: str
    settings: Settings  # what it opens on
    changes: Mapping[str, Any]  # what the run beside it has instead
    question: str
    look_at: str
    answer: str  # two sentences at most
    holds: Callable[[Run, Run], bool]

    @property
    def beside(self) -> Settings:
        """The settings of the run beside it."""
        return replace(self.settings, **self.changes)


def _needs_a_hidden_layer(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.8 and beside.correct.mean() > 0.9)


def _needs_squares(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.7 and beside.correct.all())


def _steps_too_far(run: Run, beside: Run) -> bool:
    rises = (np.diff(run.losses[10:]) > 0).all()
    return bool(run.diverged and rises and beside.final_loss < 0.02)


def _forgetting_hurts(run: Run, beside: Run) -> bool:
    return bool(run.final_loss > run.losses[0] and beside.final_loss < beside.losses[0] / 2)


def _forgetting_helps(run: Run, beside: Run) -> bool:
    return run.final_loss < beside.final_loss


def _units_die(run: Run, beside: Run) -> bool:
    dies = not has_dead_layer(run, 0) and has_dead_layer(run, -1)
    answers_alike = np.ptp(run.predictions) == 0
    return bool(
        dies and answers_alike and not has_dead_layer(beside, -1) and _r_squared(beside) > 0.2
    )


def _units_stay_alike(run: Run, beside: Run) -> bool:
    learned = _r_squared(run) < 0.6 and _r_squared(beside) > 0.9
    return learned and _units_are_alike(run) and not _units_are_alike(beside)


def _sigmoids_stand_still(run: Run, beside: Run) -> bool:
    first_and_last = run.checkpoints.parameters[0][[0, -1]]  # of the first layer's weights
    stand_still = np.ptp(first_and_last, axis=0).max() < 0.001
    return bool(stand_still and abs(run.final_loss - 0.25) < 0.001 and beside.final_loss < 0.125)


def _overfits(run: Run, beside: Run) -> bool:
    test = run.every_test_loss
    best = test.argmin()
    parts = test[-1] > 1.1 * test[best] and run.every_loss[-1] < run.every_loss[best]
    return bool(parts and beside.every_test_loss[-1] < test[-1])


def _adam_is_ahead(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.9 < beside.correct.mean())


def _r_squared(run: Run) -> float:
    return run.r_squared or 0.0  # targets that are all alike leave nothing to tell


def _units_are_alike(run: Run) -> bool:
    """Whether all units of the first layer have the same weights and bias, in every state."""
    weights, biases = run.checkpoints.parameters[:2]  # (states, units, inputs), (states, units)
    return bool((weights == weights[:, :1]).all() and (biases == biases[:, :1]).all())


LESSONS = {
    "hidden_layer": Lesson(
        title="What a hidden layer is for",
        settings=Settings((), 1.0, 200, data="xor"),
        changes={"hidden_units": (16,)},
        question="Can a network without a hidden layer learn exclusive or?",
        look_at="The rows that are right, without a hidden layer and with one.",
        answer="Without one, a straight line parts the classes, and fewer than 8 rows in 10 are "
        "right. With 16 hidden units, more than 9 in 10 are.",
        holds=_needs_a_hidden_layer,
    ),
    "features": Lesson(
        title="What features can do",
        settings=Settings((), 1.0, 100, data="circles"),
        changes={"features": ("x1", "x2", "x1^2", "x2^2")},
        question="Can a network without a hidden layer tell a circle from one around it?",
        look_at="The rows that are right, without the squares of the inputs and with them.",
        answer="Given the two inputs alone, it gets fewer than 7 rows in 10 right. Given their "
        "squares too, it gets every row right.",
        holds=_needs_squares,
    ),
    "learning_rate": Lesson(
        title="Too large a learning rate",
        settings=Settings((), 1.0, 200, data="plane"),
        changes={"learning_rate": 0.5},
        question="A learning rate of 0.5 works here. What does one of 1 do?",
        look_at="The loss of both runs.",
        answer="At 1 the steps go too far: from epoch 10 on the loss rises at every one, until it "
        "is no number any more. At 0.5 it ends below 0.02.",
        holds=_steps_too_far,
    ),
    "zero_grad": Lesson(
        title="What zero_grad() is for",
        settings=Settings(
            *((8,), 0.1, 100),
            data="curve",
            activation="tanh",
            batch_size=20,
            zero_gradients=False,
        ),
        changes={"zero_gradients": True},
        question="The loop forgets zero_grad(), and the gradients pile up. Does it still learn?",
        look_at="The loss, without zero_grad() and with it.",
        answer="No, the loss ends higher than it began. With zero_grad() it ends below half of "
        "where it began.",
        holds=_forgetting_hurts,
    ),
    "forgetting": Lesson(
        title="When forgetting zero_grad() helps",
        settings=Settings(zero_gradients=False),
        changes={"zero_gradients": True},
        question="Does the article's own loop end higher without zero_grad()?",
        look_at="The last loss, without zero_grad() and with it.",
        answer="No, it ends lower: gradients that pile up act like momentum.",
        holds=_forgetting_helps,
    ),
    "dead_units": Lesson(
        title="Units that die",
        settings=Settings((4, 4), 2.0, 100, data="hills", optimizer="adam"),
        changes={"learning_rate": 0.05},
        question="ReLU gives 0 for every sum below zero. What can a learning rate of 2 do to it?",
        look_at="The predictions, and what the hidden units give for each row.",
        answer="Mostly a whole layer ends up giving 0 for every row: its units get no gradient any "
        "more, and all rows get the same answer. At 0.05 mostly no layer does, and R² ends above "
        "0.2.",
        holds=_units_die,
    ),
    "zeros": Lesson(
        title="Zeros as first weights",
        settings=Settings(
            *((8,), 0.1, 200),
            data="curve",
            activation="sigmoid",
            optimizer="adam",
            initialisation="zeros",
        ),
        changes={"initialisation": "default"},
        question="All weights start at zero. Do the hidden units come to differ?",
        look_at="The weights of the hidden units, and R².",
        answer="No, all 8 stay alike, and R² ends below 0.6. With random first weights they "
        "differ, and R² ends above 0.9.",
        holds=_units_stay_alike,
    ),
    "deep_sigmoids": Lesson(
        title="Six layers of sigmoids",
        settings=Settings((8,) * 6, 1.0, 200, data="moons", activation="sigmoid"),
        changes={"activation": "tanh"},
        question="Does a network with six layers of sigmoids learn the moons?",
        look_at="The loss (0.25 is that of always answering one half), and the first weights.",
        answer="No: the first layer's weights move by less than 0.001, and the loss ends within "
        "0.001 of 0.25. With tanh in their place it mostly ends below 0.125.",
        holds=_sigmoids_stand_still,
    ),
    "overfitting": Lesson(
        title="Learned by heart",
        settings=Settings(
            *((16, 16), 0.05, 200),
            data="moons",
            rows=100,
            noise=0.7,
            test_share=0.5,
            optimizer="adam",
        ),
        changes={"l2": 0.003},
        question="There are 50 noisy rows to learn from. What happens on the 50 test rows?",
        look_at="The loss of the training rows, and that of the test rows.",
        answer="The test loss turns, and mostly ends at least a tenth above its lowest, though the "
        "training loss has fallen since. With an L2 penalty of 0.003 the test loss ends lower.",
        holds=_overfits,
    ),
    "adam": Lesson(
        title="SGD and Adam on a spiral",
        # Of the slider's stops from 0.1 on, SGD gets most rows right at 5.
        settings=Settings((16,), 5.0, 200, data="spiral", noise=0.05, activation="tanh"),
        changes={"optimizer": "adam", "learning_rate": 0.05},
        question="Which gets further in 200 epochs: SGD at a rate of 5, or Adam at 0.05?",
        look_at="The rows that are right.",
        answer="Adam gets more than 9 rows in 10 right, and SGD fewer.",
        holds=_adam_is_ahead,
    ),
}
