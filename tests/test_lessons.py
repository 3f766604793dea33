"""Lessons: each answer and each explanation is true of its runs, and on the page as it opens.

`tests/benchmarks/lessons.py` checks them on 130 seeds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from torch import nn

from tinynet import Run, Settings, train
from tinynet.analysis.lessons import LESSONS, TestedLesson
from tinynet.links.address import View, permalink, read_address, shortened
from tinynet.links.lessons import read_lesson
from tinynet.settings import KNOBS, ChoiceKnob, LayersKnob, NumberKnob, differences

SEEDS = range(3)  # tests/benchmarks/lessons.py tries 130
NAMES = list(LESSONS)


def settings_of(lesson: TestedLesson) -> tuple[Settings, ...]:
    return lesson.settings, lesson.beside, lesson.without


ALL_SETTINGS = [each for lesson in LESSONS.values() for each in settings_of(lesson)]


@dataclass(frozen=True)
class Runs:
    """The three runs of a lesson."""

    run: Run
    beside: Run
    without: Run


@cache
def runs_of(name: str, seed: int) -> Runs:
    return Runs(*(train(replace(each, seed=seed)) for each in settings_of(LESSONS[name])))


# The claims


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_holds_as_the_page_opens_and_on_most_seeds(name: str) -> None:
    lesson = LESSONS[name]
    holds = [
        lesson.holds(each.run, each.beside) and lesson.holds_without(each.without, each.beside)
        for each in (runs_of(name, seed) for seed in SEEDS)
    ]

    assert {each.seed for each in settings_of(lesson)} == {SEEDS[0]}
    assert holds[0]
    assert sum(holds) >= len(SEEDS) - 1


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_needs_both_runs_and_an_experiment_is_not_true_of_both(name: str) -> None:
    lesson, runs = LESSONS[name], runs_of(name, SEEDS[0])

    assert not lesson.holds(runs.run, runs.run)
    assert not lesson.holds(runs.beside, runs.beside)
    both = (runs.run, runs.beside)
    assert not all(lesson.holds_without(each, runs.beside) for each in both)


# The details in the answers, checked with PyTorch


@pytest.mark.parametrize("seed", SEEDS)
def test_the_dead_units_get_no_gradient(seed: int) -> None:
    runs = runs_of("dead_units", seed)

    assert min(gradients_of_hidden_layers(runs.run)) == 0
    assert min(gradients_of_hidden_layers(runs.beside)) > 0


def gradients_of_hidden_layers(run: Run) -> list[float]:
    """Return the largest gradient in each hidden layer after the last update."""
    model = network(run, -1)

    nn.MSELoss()(model(torch.tensor(run.inputs)), torch.tensor(run.targets)).backward()
    hidden = [layer for layer in model if isinstance(layer, nn.Linear)][:-1]
    return [
        max(0.0 if each.grad is None else float(each.grad.abs().max()) for each in (w, b))
        for w, b in ((layer.weight, layer.bias) for layer in hidden)
    ]


def test_without_zero_grad_sgd_is_momentum_that_never_decays() -> None:
    run = train(Settings(zero_gradients=False))
    model = nn.Sequential(network(run, 0), nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=1)

    losses = []
    for _ in range(50):
        loss = nn.MSELoss()(model(torch.tensor(run.inputs)), torch.tensor(run.targets))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert run.losses.tolist() == pytest.approx(losses, rel=1e-4)


def network(run: Run, state: int) -> nn.Sequential:
    """Return the network of a state with ReLU in its hidden layers, up to its last sum."""
    parameters = [torch.tensor(states[state]) for states in run.checkpoints.parameters]
    layers: list[nn.Module] = []
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        linear.load_state_dict({"weight": weight, "bias": bias})
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def test_raw_and_standardised_flats_are_the_same_numbers() -> None:
    runs = runs_of("scale", 0)
    raw = runs.run.inputs.astype(float)

    assert raw.max() > 1_000
    standardised = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    assert np.abs(runs.beside.inputs - standardised).max() < 1e-3
    assert np.array_equal(runs.run.targets, runs.beside.targets)


def test_one_row_in_twenty_is_rare_and_the_penalty_keeps_the_squares() -> None:
    assert runs_of("imbalance", 0).run.targets.mean() == np.float32(0.05)

    weights = np.abs(runs_of("penalties", 0).run.checkpoints.parameters[0][-1][0])
    features = LESSONS["penalties"].settings.features
    assert {features[place] for place in np.argsort(weights)[-2:]} == {"x1^2", "x2^2"}


# The settings


@pytest.mark.parametrize("settings", ALL_SETTINGS, ids=repr)
def test_every_value_can_be_set_on_the_page(settings: Settings) -> None:
    for knob in KNOBS:
        value = getattr(settings, knob.name)
        if isinstance(knob, NumberKnob):
            assert value in knob.stops
        if isinstance(knob, LayersKnob):
            assert set(value) <= set(knob.width.stops)
        if isinstance(knob, ChoiceKnob):
            assert value in knob.offered(settings)


@pytest.mark.parametrize("settings", ALL_SETTINGS, ids=repr)
def test_an_address_leads_to_them(settings: Settings) -> None:
    long = parse_qs(urlsplit(permalink("http://host/", settings, View())).query)
    short = {name: [text] for name, text in shortened(settings, View()).items()}

    for query in (long, short):
        assert read_address(query).settings == settings
        assert read_address(query).notices == ()


@pytest.mark.parametrize("settings", ALL_SETTINGS, ids=repr)
def test_a_run_is_short_enough_to_wait_for(settings: Settings) -> None:
    assert settings.epochs <= 1_000
    assert settings.all_rows <= 1_000


@pytest.mark.parametrize("name", NAMES)
def test_the_other_runs_differ_in_what_the_lesson_is_about(name: str) -> None:
    lesson = LESSONS[name]

    assert 1 <= len(differences(lesson.beside, lesson.settings)) <= 2
    assert 1 <= len(differences(lesson.without, lesson.settings)) <= 2


# The words


def test_there_are_twenty_and_no_two_have_the_same_title_or_settings() -> None:
    lessons = LESSONS.values()

    assert len(LESSONS) == 20
    assert len({lesson.title for lesson in lessons}) == 20
    assert len({lesson.settings for lesson in lessons}) == 20


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_few(name: str) -> None:
    lesson = LESSONS[name]

    assert len(lesson.title) <= 40
    assert lesson.question.endswith("?")
    assert len(lesson.question) <= 100
    assert lesson.look_at.endswith(".")
    assert len(lesson.look_at) <= 100
    for text, sentences in ((lesson.answer, 3), (lesson.experiment, 2)):
        assert text.endswith(".")
        assert len(re.split(r"(?<=[.!?]) ", text)) <= sentences
        assert len(text) <= 250


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_can_be_shared_as_one_of_a_teachers_own(name: str) -> None:
    lesson, read = LESSONS[name], read_lesson(LESSONS[name].text())

    assert (read.settings, read.beside) == (lesson.settings, lesson.beside)
    assert (read.title, read.question) == (lesson.title, lesson.question)
    assert (read.look_at, read.answer) == (lesson.look_at, lesson.answer)
