"""What happens inside a network: initial weights, dead units, vanishing gradients."""

from __future__ import annotations

import numpy as np

from tinynet.analysis.lessons.tested import TestedLesson, but, r_squared
from tinynet.settings import Settings
from tinynet.training.run import Run, has_dead_layer

ZEROS = Settings(
    *((8,), 0.1, 200),
    data="curve",
    activation="sigmoid",
    optimizer="adam",
    initialisation="zeros",
)
DEAD = Settings((4, 4), 2.0, 100, data="hills", optimizer="adam")
SIGMOIDS = Settings((8,) * 6, 1.0, 200, data="moons", activation="sigmoid")


def _units_stay_identical(run: Run, beside: Run) -> bool:
    learned = r_squared(run) < 0.6 and r_squared(beside) > 0.9
    return learned and _units_are_identical(run) and not _units_are_identical(beside)


def _units_are_identical(run: Run) -> bool:
    """Tell whether all units of the first layer have the same weights and bias in every state."""
    weights, biases = run.checkpoints.parameters[:2]  # (states, units, inputs), (states, units)
    return bool((weights == weights[:, :1]).all() and (biases == biases[:, :1]).all())


def _units_die(run: Run, beside: Run) -> bool:
    dies = not has_dead_layer(run, 0) and has_dead_layer(run, -1)
    is_constant = np.ptp(run.predictions) == 0
    lives = not has_dead_layer(beside, -1) and r_squared(beside) > 0.2
    return bool(dies and is_constant and lives)


def _sigmoids_stall(run: Run, beside: Run) -> bool:
    stall = _move_of_first_weights(run) < 0.001
    return bool(stall and abs(run.final_loss - 0.25) < 0.001 and beside.final_loss < 0.125)


def _move_of_first_weights(run: Run) -> float:
    first_and_last = run.checkpoints.parameters[0][[0, -1]]
    return float(np.ptp(first_and_last, axis=0).max())


LESSONS = {
    "zeros": TestedLesson(
        title="Starting from all zeros",
        question="All weights start at zero. Do the hidden units become different?",
        look_at="The weights of the hidden units, and R².",
        answer="No, all 8 stay identical, and R² ends below 0.6. With random initial weights they "
        "differ, and R² ends above 0.9.",
        experiment="Any different start will do: with Xavier's random weights, the units differ "
        "and R² mostly ends above 0.9 too.",
        settings=ZEROS,
        beside=but(ZEROS, initialisation="default"),
        without=but(ZEROS, initialisation="xavier"),
        holds=_units_stay_identical,
        holds_without=lambda run, _: r_squared(run) > 0.9 and not _units_are_identical(run),
    ),
    "dead_units": TestedLesson(
        title="Units that die",
        question="ReLU outputs 0 for negative sums. What does a learning rate of 2 do to units?",
        look_at="The predictions, and the outputs of the hidden units for each row.",
        answer="Mostly a whole layer dies: it outputs 0 for every row, gets no gradient, and every "
        "row gets the same answer. At 0.05 mostly no layer dies, and R² ends above 0.2.",
        experiment="Leaky ReLU passes on a hundredth of a negative sum, so nothing dies: at a rate "
        "of 2, the answers still differ from row to row.",
        settings=DEAD,
        beside=but(DEAD, learning_rate=0.05),
        without=but(DEAD, activation="leaky_relu"),
        holds=_units_die,
        holds_without=lambda run, _: bool(np.ptp(run.predictions) > 0.01),
    ),
    "deep_sigmoids": TestedLesson(
        title="Six layers of sigmoids",
        question="Does a network with six layers of sigmoids learn the moons?",
        look_at="The loss (always predicting 0.5 gives 0.25), and the weights of the first layer.",
        answer="No: the first layer's weights move by less than 0.001, and the loss ends within "
        "0.001 of 0.25. With tanh instead, it mostly ends below 0.125.",
        experiment="Each sigmoid passes on at most a quarter of a gradient. With one layer instead "
        "of six, the first weights move by more than 0.5, and the loss ends below 0.15.",
        settings=SIGMOIDS,
        beside=but(SIGMOIDS, activation="tanh"),
        without=but(SIGMOIDS, hidden_units=(8,)),
        holds=_sigmoids_stall,
        holds_without=lambda run, _: _move_of_first_weights(run) > 0.5 and run.final_loss < 0.15,
    ),
}
