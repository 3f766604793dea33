"""How good a network is on other rows and with other luck."""

from __future__ import annotations

import numpy as np

from tinynet.analysis.lessons.tested import TestedLesson, but
from tinynet.settings import Settings
from tinynet.training.run import Run

OVERFITTING = Settings(
    *((16, 16), 0.05, 200),
    data="moons",
    rows=100,
    noise=0.7,
    test_share=0.5,
    optimizer="adam",
)
STOPPING = but(OVERFITTING, learning_rate=0.02, epochs=500)
EVERY_FEATURE = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
PENALTIES = Settings((), 1.0, 200, data="circles", features=EVERY_FEATURE, l1=0.003)
LUCK = Settings((3,), 0.05, 200, data="circles", optimizer="adam", weight_seed=2)


def _overfits(run: Run, beside: Run) -> bool:
    best = run.every_test_loss.argmin()
    memorises = run.every_loss[-1] < run.every_loss[best]
    is_lower = beside.every_test_loss[-1] < run.every_test_loss[-1]
    return bool(_rise(run) > 0.2 and memorises and is_lower)


def _rise(run: Run) -> float:
    """Return how far the test loss ends above its minimum, relative to the minimum."""
    return float(run.every_test_loss[-1] / run.every_test_loss.min()) - 1


def _stopping_helps(run: Run, beside: Run) -> bool:
    training = run.final_loss < beside.final_loss
    return bool(training and run.every_test_loss[-1] > 1.05 * beside.every_test_loss[-1])


def _l1_removes(run: Run, beside: Run) -> bool:
    learned = run.correct.all() and beside.correct.all()
    return bool(learned and _unused(run) >= 3 and _unused(beside) <= 2)


def _unused(run: Run) -> int:
    """Return how many inputs have a weight below 0.01."""
    return int((np.abs(run.checkpoints.parameters[0][-1]) < 0.01).sum())


def _luck_decides(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.95 and beside.correct.mean() > 0.95)


LESSONS = {
    "overfitting": TestedLesson(
        title="Overfitting: learning by heart",
        question="There are 50 noisy rows to learn from. What happens on the 50 test rows?",
        look_at="The loss of the training rows and the loss of the test rows.",
        answer="The test loss mostly ends at least 20 % above its minimum, although the training "
        "loss falls further. With an L2 penalty of 0.003 it mostly ends lower.",
        experiment="Few rows are easy to learn by heart: with 500 to learn from instead of 50, the "
        "test loss mostly ends within 20 % of its minimum.",
        settings=OVERFITTING,
        beside=but(OVERFITTING, l2=0.003),
        without=but(OVERFITTING, rows=1_000),
        holds=_overfits,
        holds_without=lambda run, _: _rise(run) < 0.2,
    ),
    "penalties": TestedLesson(
        title="What an L1 penalty removes",
        question="A circle needs two of these seven inputs. Which weights does a penalty remove?",
        look_at="The weights of the inputs.",
        answer="With an L1 penalty of 0.003, mostly at least 3 weights end below 0.01; with an L2 "
        "penalty of 0.003, at most 2. Every row is correct in both.",
        experiment="It is the penalty that removes them: without one, at most 2 end below 0.01.",
        settings=PENALTIES,
        beside=but(PENALTIES, l1=0.0, l2=0.003),
        without=but(PENALTIES, l1=0.0),
        holds=_l1_removes,
        holds_without=lambda run, _: _unused(run) <= 2,
    ),
    "early_stopping": TestedLesson(
        title="When to stop",
        question="Does a run of 500 epochs predict the test rows better than one of 50?",
        look_at="The test loss of both runs, and where it is lowest.",
        answer="No: its training loss ends lower, but its test loss mostly ends at least 5 % "
        "higher.",
        experiment="A straight line cannot follow the noise: without hidden layers, the test loss "
        "mostly ends within 20 % of its minimum.",
        settings=STOPPING,
        beside=but(STOPPING, epochs=50),
        without=but(STOPPING, hidden_units=()),
        holds=_stopping_helps,
        holds_without=lambda run, _: _rise(run) < 0.2,
    ),
    "luck": TestedLesson(
        title="Luck over seeds",
        question="Same rows, same network: only the initial weights differ. How much can it be?",
        look_at="The border between the colours, and the correct rows.",
        answer="From the initial weights of seed 2, fewer than 95 rows in 100 are correct. From "
        "those of seed 4, mostly more are.",
        experiment="More units need less luck: with 16 instead of 3, more than 95 rows in 100 are "
        "correct with seed 2.",
        settings=LUCK,
        beside=but(LUCK, weight_seed=4),
        without=but(LUCK, hidden_units=(16,)),
        holds=_luck_decides,
        holds_without=lambda run, _: bool(run.correct.mean() > 0.95),
    ),
}
