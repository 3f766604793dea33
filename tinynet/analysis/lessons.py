"""Lessons: small experiments, each with two runs, a question and a tested answer.

Each answer is a claim about its two runs, and `holds` checks all that it says.
`tests/test_lessons.py` checks it on 30 seeds, `tests/benchmarks/lessons.py` on 130; a claim that
fails on some of them says "mostly".
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
    """An experiment; `holds(run, beside)` tells whether two runs of one seed support the answer."""

    title: str
    settings: Settings  # of the run that the lesson opens
    changes: Mapping[str, Any]  # to these settings, for the second run
    question: str
    look_at: str
    answer: str  # two sentences at most
    holds: Callable[[Run, Run], bool]

    @property
    def beside(self) -> Settings:
        """The settings of the second run."""
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
    is_constant = np.ptp(run.predictions) == 0
    return bool(
        dies and is_constant and not has_dead_layer(beside, -1) and _r_squared(beside) > 0.2
    )


def _units_stay_identical(run: Run, beside: Run) -> bool:
    learned = _r_squared(run) < 0.6 and _r_squared(beside) > 0.9
    return learned and _units_are_identical(run) and not _units_are_identical(beside)


def _sigmoids_stall(run: Run, beside: Run) -> bool:
    first_and_last = run.checkpoints.parameters[0][[0, -1]]  # of the first layer's weights
    stall = np.ptp(first_and_last, axis=0).max() < 0.001
    return bool(stall and abs(run.final_loss - 0.25) < 0.001 and beside.final_loss < 0.125)


def _overfits(run: Run, beside: Run) -> bool:
    test = run.every_test_loss
    best = test.argmin()
    overfits = test[-1] > 1.1 * test[best] and run.every_loss[-1] < run.every_loss[best]
    return bool(overfits and beside.every_test_loss[-1] < test[-1])


def _adam_is_ahead(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.9 < beside.correct.mean())


def _r_squared(run: Run) -> float:
    return run.r_squared or 0.0  # None where all targets are equal


def _units_are_identical(run: Run) -> bool:
    """Tell whether all units of the first layer have the same weights and bias in every state."""
    weights, biases = run.checkpoints.parameters[:2]  # (states, units, inputs), (states, units)
    return bool((weights == weights[:, :1]).all() and (biases == biases[:, :1]).all())


LESSONS = {
    "hidden_layer": Lesson(
        title="What a hidden layer is for",
        settings=Settings((), 1.0, 200, data="xor"),
        changes={"hidden_units": (16,)},
        question="Can a network without a hidden layer learn XOR?",
        look_at="The correct rows, without a hidden layer and with one.",
        answer="No, it can only draw a straight line: fewer than 8 rows in 10 are correct. With 16 "
        "hidden units, more than 9 in 10 are.",
        holds=_needs_a_hidden_layer,
    ),
    "features": Lesson(
        title="What features can do",
        settings=Settings((), 1.0, 100, data="circles"),
        changes={"features": ("x1", "x2", "x1^2", "x2^2")},
        question="Can a network without a hidden layer separate an inner circle from an outer one?",
        look_at="The correct rows, without the squares of the inputs and with them.",
        answer="With only the two inputs, fewer than 7 rows in 10 are correct. With their squares "
        "as well, every row is.",
        holds=_needs_squares,
    ),
    "learning_rate": Lesson(
        title="When the learning rate is too large",
        settings=Settings((), 1.0, 200, data="plane"),
        changes={"learning_rate": 0.5},
        question="A learning rate of 0.5 works here. What happens at 1?",
        look_at="The loss of both runs.",
        answer="At 1 the steps overshoot: from epoch 10 on, the loss rises in every epoch until it "
        "overflows (NaN). At 0.5 it ends below 0.02.",
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
        question="The loop lacks zero_grad(), so the gradients accumulate. Does it still learn?",
        look_at="The loss, without zero_grad() and with it.",
        answer="No, the loss ends higher than it started. With zero_grad() it ends at less than "
        "half its starting value.",
        holds=_forgetting_hurts,
    ),
    "forgetting": Lesson(
        title="When forgetting zero_grad() helps",
        settings=Settings(zero_gradients=False),
        changes={"zero_gradients": True},
        question="Does the article's own loop end higher without zero_grad()?",
        look_at="The final loss, without zero_grad() and with it.",
        answer="No, it ends lower: accumulated gradients act like momentum.",
        holds=_forgetting_helps,
    ),
    "dead_units": Lesson(
        title="Units that die",
        settings=Settings((4, 4), 2.0, 100, data="hills", optimizer="adam"),
        changes={"learning_rate": 0.05},
        question="ReLU outputs 0 for negative sums. What does a learning rate of 2 do to units?",
        look_at="The predictions, and the outputs of the hidden units for each row.",
        answer="Mostly a whole layer dies: it outputs 0 for every row, gets no gradient, and every "
        "row gets the same answer. At 0.05 mostly no layer dies, and R² ends above 0.2.",
        holds=_units_die,
    ),
    "zeros": Lesson(
        title="Starting from all zeros",
        settings=Settings(
            *((8,), 0.1, 200),
            data="curve",
            activation="sigmoid",
            optimizer="adam",
            initialisation="zeros",
        ),
        changes={"initialisation": "default"},
        question="All weights start at zero. Do the hidden units become different?",
        look_at="The weights of the hidden units, and R².",
        answer="No, all 8 stay identical, and R² ends below 0.6. With random initial weights they "
        "differ, and R² ends above 0.9.",
        holds=_units_stay_identical,
    ),
    "deep_sigmoids": Lesson(
        title="Six layers of sigmoids",
        settings=Settings((8,) * 6, 1.0, 200, data="moons", activation="sigmoid"),
        changes={"activation": "tanh"},
        question="Does a network with six layers of sigmoids learn the moons?",
        look_at="The loss (always predicting 0.5 gives 0.25), and the weights of the first layer.",
        answer="No: the first layer's weights move by less than 0.001, and the loss ends within "
        "0.001 of 0.25. With tanh instead, it mostly ends below 0.125.",
        holds=_sigmoids_stall,
    ),
    "overfitting": Lesson(
        title="Overfitting: learning by heart",
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
        look_at="The loss of the training rows and the loss of the test rows.",
        answer="The test loss mostly ends at least 10 % above its minimum, although the training "
        "loss falls further. With an L2 penalty of 0.003 it ends lower.",
        holds=_overfits,
    ),
    "adam": Lesson(
        title="SGD and Adam on a spiral",
        # Of the slider's stops from 0.1 on, 5 is best for SGD.
        settings=Settings((16,), 5.0, 200, data="spiral", noise=0.05, activation="tanh"),
        changes={"optimizer": "adam", "learning_rate": 0.05},
        question="Which learns more in 200 epochs: SGD at a rate of 5, or Adam at 0.05?",
        look_at="The correct rows.",
        answer="Adam gets more than 9 rows in 10 right, SGD fewer.",
        holds=_adam_is_ahead,
    ),
}
