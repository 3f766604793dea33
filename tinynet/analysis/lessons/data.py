"""What a network is given: a loss, rare classes, raw numbers."""

from __future__ import annotations

import numpy as np

from tinynet.analysis.lessons.tested import TestedLesson, but
from tinynet.settings import Settings
from tinynet.training.run import Run

LOSSES = Settings((16, 16), 1.0, 100, data="moons", activation="tanh")
RARE = Settings((8,), 0.05, 100, data="rare")
SCALE = Settings((), 0.1, 100, data="flats", scale="raw")


def _cross_entropy_is_ahead(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < beside.correct.mean() > 0.9)


def _ignores_the_rare(run: Run, beside: Run) -> bool:
    always_0 = run.correct.mean() == 0.95 and not run.answers.any()
    return bool(always_0 and beside.correct[beside.targets[:, 0] == 1].mean() >= 0.6)


def _raw_overflows(run: Run, beside: Run) -> bool:
    return run.diverged and len(run.losses) <= 10 and beside.final_loss < 0.02


LESSONS = {
    "losses": TestedLesson(
        title="Squared error or cross-entropy",
        question="Only the loss differs. Which of the two gets more rows right in 100 epochs?",
        look_at="The correct rows. The two losses are different measures: do not compare them.",
        answer="Mostly cross-entropy, with more than 9 rows in 10.",
        experiment="A squared error passes through the slope of the sigmoid, at most a quarter, so "
        "its steps are shorter. At a rate of 5 instead of 1, more than 95 rows in 100 are correct "
        "with it too.",
        settings=LOSSES,
        beside=but(LOSSES, loss="bce"),
        without=but(LOSSES, learning_rate=5.0),
        holds=_cross_entropy_is_ahead,
        holds_without=lambda run, _: bool(run.correct.mean() > 0.95),
    ),
    "imbalance": TestedLesson(
        title="When 95 % correct means nothing",
        question="One row in twenty is of class 1. This network is 95 % correct: has it learned?",
        look_at="The answers for the rows of class 1.",
        answer="Mostly not: it answers 0 for every row. With Adam at the same rate, it mostly "
        "finds at least 6 in 10 of the rows of class 1.",
        experiment="Answering 0 pays only because class 1 is rare: with as many rows of both "
        "classes, more than 95 rows in 100 are correct with these very settings.",
        settings=RARE,
        beside=but(RARE, optimizer="adam"),
        without=but(RARE, data="gauss"),
        holds=_ignores_the_rare,
        holds_without=lambda run, _: bool(run.correct.mean() > 0.95),
    ),
    "scale": TestedLesson(
        title="Why inputs are scaled",
        question="The price of flats by area and year: what do the raw numbers do to the loss?",
        look_at="The first ten epochs of both runs.",
        answer="A gradient is as large as its input. With years near 2,000, each step overshoots "
        "further, and the loss overflows (NaN) within 10 epochs. Standardised, the same numbers "
        "give a loss below 0.02.",
        experiment="Adam divides its steps by the size of the gradients: the raw numbers then "
        "overflow no more.",
        settings=SCALE,
        beside=but(SCALE, scale="standardised"),
        without=but(SCALE, optimizer="adam"),
        holds=_raw_overflows,
        holds_without=lambda run, _: bool(np.isfinite(run.every_loss).all()),
    ),
}
