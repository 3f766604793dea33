"""What a network can draw: a line, features, width and depth."""

from __future__ import annotations

from tinynet.analysis.lessons.tested import TestedLesson, but
from tinynet.settings import Settings
from tinynet.training.run import Run

LINE = Settings((), 0.5, 100, data="gauss")
XOR = Settings((), 1.0, 200, data="xor")
FEATURES = Settings((), 1.0, 100, data="circles")
WIDTH = Settings((2,), 0.05, 200, data="circles", optimizer="adam")
DEPTH = Settings((6,), 0.02, 1_000, data="spiral", noise=0.05, activation="tanh", optimizer="adam")


def _line_is_enough(run: Run, beside: Run) -> bool:
    numbers = run.parameter_count == 3 and beside.parameter_count == 65
    return bool(numbers and min(run.correct.mean(), beside.correct.mean()) > 0.95)


def _needs_a_hidden_layer(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.8 and beside.correct.mean() > 0.9)


def _needs_squares(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.7 and beside.correct.all())


def _needs_width(run: Run, beside: Run) -> bool:
    return bool(run.correct.mean() < 0.9 and beside.correct.all())


def _needs_depth(run: Run, beside: Run) -> bool:
    return bool(beside.correct.mean() - run.correct.mean() >= 0.03)


LESSONS = {
    "line": TestedLesson(
        title="One neuron and a line",
        question="Two clouds of points: how many neurons does it take to separate them?",
        look_at="The border between the colours, and the correct rows.",
        answer="One: with 3 numbers, two weights and a bias, it draws a straight line, and more "
        "than 95 rows in 100 are correct. A network with 16 hidden units and 65 numbers gets more "
        "than 95 right too.",
        experiment="A line is enough only because the clouds lie side by side: for a circle inside "
        "another, fewer than 7 rows in 10 are correct.",
        settings=LINE,
        beside=but(LINE, hidden_units=(16,)),
        without=but(LINE, data="circles"),
        holds=_line_is_enough,
        holds_without=lambda run, _: bool(run.correct.mean() < 0.7),
    ),
    "hidden_layer": TestedLesson(
        title="What a hidden layer is for",
        question="Can a network without a hidden layer learn XOR?",
        look_at="The correct rows, without a hidden layer and with one.",
        answer="No, it can only draw a straight line: fewer than 8 rows in 10 are correct. With 16 "
        "hidden units, more than 9 in 10 are.",
        experiment="It is ReLU that bends the line: with 16 linear units, fewer than 8 rows in 10 "
        "are correct again.",
        settings=XOR,
        beside=but(XOR, hidden_units=(16,)),
        without=but(XOR, hidden_units=(16,), activation="linear"),
        holds=_needs_a_hidden_layer,
        holds_without=lambda run, _: bool(run.correct.mean() < 0.8),
    ),
    "features": TestedLesson(
        title="What features can do",
        question="Can a network without a hidden layer separate an inner circle from an outer one?",
        look_at="The correct rows, without the squares of the inputs and with them.",
        answer="With only the two inputs, fewer than 7 rows in 10 are correct. With their squares "
        "as well, every row is.",
        experiment="Not any feature will do: with the product of the inputs instead of their "
        "squares, mostly fewer than 7 rows in 10 are correct.",
        settings=FEATURES,
        beside=but(FEATURES, features=("x1", "x2", "x1^2", "x2^2")),
        without=but(FEATURES, features=("x1", "x2", "x1*x2")),
        holds=_needs_squares,
        holds_without=lambda run, _: bool(run.correct.mean() < 0.7),
    ),
    "width": TestedLesson(
        title="How wide a layer must be",
        question="Each hidden unit bends the border along a line. Can two units close a ring?",
        look_at="The border between the colours, with 2 hidden units and with 16.",
        answer="No, two lines enclose nothing: fewer than 9 rows in 10 are correct. With 16 units, "
        "mostly every row is.",
        experiment="With the squares of the inputs, a ring needs no lines: with two units, more "
        "than 9 rows in 10 are mostly correct.",
        settings=WIDTH,
        beside=but(WIDTH, hidden_units=(16,)),
        without=but(WIDTH, features=("x1", "x2", "x1^2", "x2^2")),
        holds=_needs_width,
        holds_without=lambda run, _: bool(run.correct.mean() > 0.9),
    ),
    "depth": TestedLesson(
        title="What a second layer adds",
        question="Six hidden units struggle with this spiral. What does a second layer add?",
        look_at="What each unit outputs across the plane, and the correct rows.",
        answer="Its units bend what the first layer has bent: mostly, at least 3 more rows in "
        "100 are correct.",
        experiment="Lines of lines are lines: with two layers of linear units, fewer than 8 rows "
        "in 10 are correct.",
        settings=DEPTH,
        beside=but(DEPTH, hidden_units=(6, 6)),
        without=but(DEPTH, hidden_units=(6, 6), activation="linear"),
        holds=_needs_depth,
        holds_without=lambda run, _: bool(run.correct.mean() < 0.8),
    ),
}
