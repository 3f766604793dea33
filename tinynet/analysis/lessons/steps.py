"""How a network learns: the learning rate, momentum, Adam, batches, zero_grad()."""

from __future__ import annotations

import numpy as np

from tinynet.analysis.lessons.tested import TestedLesson, but
from tinynet.settings import Settings
from tinynet.training.run import Run

RATE = Settings((), 1.0, 200, data="plane")
MOMENTUM = Settings((16,), 0.02, 200, data="moons", activation="tanh")
# Of the slider's stops from 0.1 on, 5 is best for SGD.
ADAM = Settings((16,), 5.0, 200, data="spiral", noise=0.05, activation="tanh")
BATCHES = Settings((), 0.2, 50, data="plane", rows=100, noise=0.3, batch_size=5)
ZERO_GRAD = Settings(
    (8,), 0.1, 100, data="curve", activation="tanh", batch_size=20, zero_gradients=False
)


def _steps_too_far(run: Run, beside: Run) -> bool:
    rises = (np.diff(run.losses[10:]) > 0).all()
    return bool(run.diverged and rises and beside.final_loss < 0.02)


def _momentum_is_ahead(run: Run, beside: Run) -> bool:
    return beside.final_loss < 0.75 * run.final_loss


def _is_near(run: Run, beside: Run) -> bool:
    return abs(run.final_loss - beside.final_loss) < 0.05 * beside.final_loss


def _adam_is_ahead(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.9 < beside.correct.mean())


def _batches_bounce(run: Run, beside: Run) -> bool:
    is_ahead = run.losses[1] < beside.losses[1]
    return bool(is_ahead and _variation(run) > 0.02 and _variation(beside) < 0.001)


def _variation(run: Run) -> float:
    """Return the deviation of the last 20 losses, relative to their mean."""
    last = run.losses[-20:].astype(float)
    return float(last.std() / last.mean())


def _accumulating_hurts(run: Run, beside: Run) -> bool:
    return bool(run.final_loss > run.losses[0] and beside.final_loss < beside.losses[0] / 2)


LESSONS = {
    "learning_rate": TestedLesson(
        title="When the learning rate is too large",
        question="A learning rate of 0.5 works here. What happens at 1?",
        look_at="The loss of both runs.",
        answer="At 1 the steps overshoot: from epoch 10 on, the loss rises in every epoch until it "
        "overflows (NaN). At 0.5 it ends below 0.02.",
        experiment="With gradients clipped to 0.1 the steps are short, and even at 1 the loss ends "
        "below 0.02.",
        settings=RATE,
        beside=but(RATE, learning_rate=0.5),
        without=but(RATE, clip=0.1),
        holds=_steps_too_far,
        holds_without=lambda run, _: run.final_loss < 0.02,
    ),
    "momentum": TestedLesson(
        title="What momentum does",
        question="Momentum keeps nine tenths of the last step. Is that ahead at the same rate?",
        look_at="The loss of both runs, and how fast it falls in the first epochs.",
        answer="Yes, its loss ends at least a quarter lower.",
        experiment="Steps in one direction add up to ten times a step: without momentum but at ten "
        "times the rate, the loss ends within 5 % of the loss with momentum.",
        settings=MOMENTUM,
        beside=but(MOMENTUM, optimizer="momentum"),
        without=but(MOMENTUM, learning_rate=0.2),
        holds=_momentum_is_ahead,
        holds_without=_is_near,
    ),
    "adam": TestedLesson(
        title="SGD and Adam on a spiral",
        question="Which learns more in 200 epochs: SGD at a rate of 5, or Adam at 0.05?",
        look_at="The correct rows.",
        answer="Adam gets more than 9 rows in 10 right, SGD fewer. Adam keeps momentum, and "
        "divides each weight's step by the size of its gradients.",
        experiment="It is the division that counts: with momentum alone at 0.05, fewer than 8 rows "
        "in 10 are correct.",
        settings=ADAM,
        beside=but(ADAM, optimizer="adam", learning_rate=0.05),
        without=but(ADAM, optimizer="momentum", learning_rate=0.05),
        holds=_adam_is_ahead,
        holds_without=lambda run, _: bool(run.correct.mean() < 0.8),
    ),
    "batches": TestedLesson(
        title="Batches, and why their loss is noisy",
        question="One run updates after every 5 rows, the other after all 100. What differs?",
        look_at="The loss after the first epoch, and in the last 20 epochs.",
        answer="With batches there are 20 updates in an epoch instead of one, so after the first "
        "epoch the loss is lower. But it never settles: over the last 20 epochs it mostly varies "
        "by more than 2 %, without batches by less than 0.1 %.",
        experiment="Each batch pulls towards its own noisy rows: without noise in the data, the "
        "batches agree, and the loss settles below 0.000001.",
        settings=BATCHES,
        beside=but(BATCHES, batch_size=0),
        without=but(BATCHES, noise=0.0),
        holds=_batches_bounce,
        holds_without=lambda run, _: bool(run.losses[-20:].max() < 1e-6),
    ),
    "zero_grad": TestedLesson(
        title="What zero_grad() is for",
        question="The loop lacks zero_grad(), so the gradients accumulate. Does it still learn?",
        look_at="The loss, without zero_grad() and with it.",
        answer="No, the loss ends higher than it started. With zero_grad() it ends at less than "
        "half its starting value.",
        experiment="Accumulated gradients act like momentum that never decays, so the steps grow "
        "too long. At a hundredth of the rate, the loss ends lower than it started.",
        settings=ZERO_GRAD,
        beside=but(ZERO_GRAD, zero_gradients=True),
        without=but(ZERO_GRAD, learning_rate=0.001),
        holds=_accumulating_hurts,
        holds_without=lambda run, _: bool(run.final_loss < run.losses[0]),
    ),
}
