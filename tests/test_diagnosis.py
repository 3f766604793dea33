"""Diagnosis: what happened in a run, and why; `tests/claims` checks each statement."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.benchmarks.sentences import draw, words_of
from tests.claims import false_claims
from tests.diagnosed import Told, told
from tinynet import Run, Settings, train
from tinynet.analysis.diagnosis import Diagnosis, Kind, diagnose, is_good, loss_text

NAN = float("nan")
PLATEAU = [0.24] * 3 + [0.16] * 60
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?")


@pytest.fixture(scope="module")
def drawn() -> list[Told]:
    """Runs from the whole space, with their diagnoses."""
    runs = [train(settings) for settings in draw(60, most_updates=300)]
    return [(run, diagnose(run)) for run in runs]


# All statements must be true; `tests/benchmarks/sentences.py` checks thousands.


@pytest.mark.slow
def test_no_statement_about_a_drawn_run_is_false(drawn: list[Told]) -> None:
    false = {str(run.settings): found for run, each in drawn if (found := false_claims(run, each))}

    assert false == {}
    assert len({each.kind for _, each in drawn}) >= 8


@pytest.mark.slow
def test_whoever_reads_the_statements_would_see_other_numbers(drawn: list[Told]) -> None:
    seen = []
    for run, diagnosis in drawn[:10]:
        for number in NUMBER.finditer(diagnosis.sentence):
            value = number[0].replace(",", "")
            other = (
                f"{7 * float(value) + 5:.4f}" if "." in value else str(3 * int(float(value)) + 2)
            )
            start, end = number.span()
            sentence = diagnosis.sentence[:start] + other + diagnosis.sentence[end:]
            seen.append(reads_as_false(run, replace(diagnosis, sentence=sentence)))

    assert len(seen) > 30
    assert np.mean(seen) > 0.97


def reads_as_false(run: Run, diagnosis: Diagnosis) -> bool:
    try:
        return bool(false_claims(run, diagnosis))
    except (AssertionError, IndexError, KeyError, ValueError):  # the run has no such state or layer
        return True


def test_nothing_is_advised_and_nothing_is_left_to_chance(drawn: list[Told]) -> None:
    for _, diagnosis in drawn:
        words = words_of(diagnosis)
        assert not re.search(r"\b(Try|try|random|levels off depends)\b", words)


def test_a_good_run_needs_no_cause_and_one_that_is_not_has_no_moral(drawn: list[Told]) -> None:
    for run, diagnosis in drawn:
        if is_good(run):
            assert not diagnosis.cause
        elif diagnosis.kind is not Kind.LEARNED:  # its test rows are not good
            assert not diagnosis.moral


# The stories and their order


@pytest.mark.parametrize(
    ("losses", "right", "kind"),
    [
        ([0.24, 0.23, NAN, NAN], 0, Kind.DIVERGED),
        ([0.24, 0.15, 0.09], 10, Kind.LEARNED),
        ([0.24, 0.20, 0.30, 0.10], 10, Kind.LEARNED),
        ([0.24, 0.236, 0.235], 10, Kind.LEARNED),
        ([0.24, 0.2, 0.25], 10, Kind.ROSE),
        ([0.24, 0.2415], 6, Kind.ROSE),
        ([0.24, 0.2405], 6, Kind.HARDLY_MOVED),
        ([24.0, 24.01], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.20, 0.211, 0.10], 6, Kind.BOUNCED),
        ([0.24, 0.20, 0.209, 0.10], 6, Kind.STILL_FALLING),
        ([0.24, 0.0100, 0.0109, 0.0109], 9, Kind.FELL),
        ([0.24, 0.0100, 0.0112, 0.0112], 9, Kind.ENDED_HIGHER),
        ([0.24, 0.0, 2.8e-45, 2.8e-45], 9, Kind.FELL),
        ([0.24, 0.236, 0.233, 0.229], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.236, 0.233, 0.227], 6, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.17, 0.16], 8, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.16, 0.1605], 8, Kind.FELL),
        ([0.24, 0.20, 0.16, 0.165], 8, Kind.ENDED_HIGHER),
        ([0.24, 0.1, 0.0985], 9, Kind.STILL_FALLING),
        (PLATEAU[:50], 8, Kind.FELL),
        (PLATEAU[:51], 8, Kind.LEVELLED_OFF),
    ],
)
def test_the_first_story_that_fits_is_told(losses: list[float], right: int, kind: Kind) -> None:
    assert told(losses, right).kind is kind


def test_a_straight_line_down_is_still_falling_however_slow() -> None:
    assert told([0.24 - 0.0003 * epoch for epoch in range(51)]).kind is Kind.STILL_FALLING


def test_a_loss_that_fell_until_a_while_ago_has_not_levelled_off_yet() -> None:
    flat_at_last = [0.24 - 0.001 * epoch for epoch in range(90)] + [0.15] * 11

    assert told(flat_at_last).kind is Kind.FELL
    assert told(flat_at_last[:91]).kind is Kind.STILL_FALLING


def test_a_story_is_called_by_its_name_in_words() -> None:
    assert [kind.value for kind in Kind] == [kind.name.lower().replace("_", " ") for kind in Kind]


@pytest.mark.parametrize(
    ("losses", "right", "sentence"),
    [
        (
            [0.24, 0.23, NAN, NAN],
            0,
            "In the last of 3 epochs the loss was not a finite number, and training stopped there.",
        ),
        ([0.24, 0.15, 0.0912], 10, "All 10 rows are correct; the loss fell from 0.2400 to 0.0912."),
        (
            [0.24, 0.1, 0.3, 0.2, 0.09],
            10,
            (
                "All 10 rows are correct; the loss fell from 0.2400 to 0.0900, though it bounced "
                "on the way, from 0.1000 up to 0.3000 after 2 epochs."
            ),
        ),
        ([0.24, 0.2, 0.31], 7, "The loss rose from 0.2400 to 0.3100; 7 of 10 rows are correct."),
        (
            [0.24, 0.1, 0.12, 0.3, 0.09],
            7,
            (
                "The loss bounced, from 0.1000 up to 0.3000 after 3 epochs, and ended at 0.0900; "
                "7 of 10 rows are correct."
            ),
        ),
        (
            [0.24, 0.236, 0.2304],
            6,
            (
                "The loss hardly moved: from 0.2400 to 0.2304, a change of 4.0 %; 6 of 10 rows are "
                "correct."
            ),
        ),
        (
            [0.24, 0.23999],
            6,
            (
                "The loss hardly moved: from 0.2400 to 0.2400, a change of less than 0.1 %; 6 of "
                "10 rows are correct."
            ),
        ),
        (
            [0.24, 0.2, 0.17, 0.16],
            8,
            (
                "The loss fell from 0.2400 to 0.1600 and was still falling at the end, by 0.0100 "
                "over the last epoch; 8 of 10 rows are correct."
            ),
        ),
        (
            [0.24, 0.2, 0.16, 0.165],
            8,
            (
                "The loss fell from 0.2400 to 0.1600 after 2 epochs, but ended higher, at "
                "0.1650; 8 of 10 rows are correct."
            ),
        ),
        (
            [0.24, 0.2, 0.16, 0.1599],
            8,
            "The loss fell from 0.2400 to 0.1599 in 3 epochs; 8 of 10 rows are correct.",
        ),
        (
            PLATEAU,
            8,
            (
                "The loss fell from 0.2400 to 0.1600, where it levelled off: over the last 31 "
                "epochs it changed by less than 0.1 %; 8 of 10 rows are correct."
            ),
        ),
    ],
)
def test_each_story_is_told_with_its_numbers(
    losses: list[float], right: int, sentence: str
) -> None:
    assert told(losses, right).sentence == sentence


def test_the_highest_bounce_is_told() -> None:
    sentence = told([0.24, 0.1, 0.2, 0.05, 0.12, 0.04]).sentence

    assert "from 0.1000 up to 0.2000 after 2 epochs," in sentence


@pytest.mark.parametrize(
    "losses", [[0.24, 0.004, 0.0062, 0.0041, 0.00620004], [0.24, 0.1, 0.3, 0.1, 0.3]]
)
def test_a_loss_that_ends_as_high_as_it_ever_bounced_is_not_said_to_have_bounced_up_to_there(
    losses: list[float],
) -> None:
    diagnosis = told(losses)

    assert diagnosis.kind is not Kind.BOUNCED
    assert "bounced" not in diagnosis.sentence


def test_losses_are_told_with_the_digits_a_reader_can_use() -> None:
    told = {0.24008: "0.2401", 0.00123: "0.0012", 0.000123: "0.00012", 0.0: "0", NAN: "nan"}
    told |= {999_999.0: "999999.0000", 1_000_000.0: "1e+06"}
    told |= {4.6787904843808768e16: "4.7e+16", math.inf: "inf"}
    assert {loss: loss_text(loss) for loss in told} == told


# With batches, the losses are those of all rows in the kept states.


def test_with_batches_a_loss_is_told_from_where_the_first_weights_had_it() -> None:
    run = train(Settings((), 0.05, 5, data="plane", rows=1000, batch_size=1))
    first = np.mean((run.checkpoints.predictions[0] - run.targets) ** 2, dtype=float)

    diagnosis = diagnose(run)

    assert first > 20 * run.losses[0]  # the mean over an epoch while the weights change
    assert f"the loss of all rows fell from {first:.4f} to" in diagnosis.sentence


@pytest.mark.parametrize(("epochs", "seen"), [(40, ""), (500, ", measured every 4 epochs,")])
def test_with_batches_it_says_that_the_loss_is_of_all_rows_and_how_often_it_was_seen(
    epochs: int, seen: str
) -> None:
    run = train(Settings((3,), 0.01, epochs, data="xor", rows=20, batch_size=10))

    assert f"he loss of all rows{seen} " in diagnose(run).sentence
    assert false_claims(run, diagnose(run)) == []


# Faults found earlier, one example of each kind


@pytest.mark.slow
def test_by_heart_is_said_of_good_training_rows_and_clearly_worse_test_rows_alone() -> None:
    told_by_heart = []
    for rows, share, noise in ((20, 0.5, 0.1), (50, 0.5, 0.5), (200, 0.3, 0.3)):
        settings = Settings((32,), 0.02, 400, data="moons", rows=rows, test_share=share)
        settings = replace(settings, noise=noise, optimizer="adam", activation="tanh")
        for seed in range(10):
            run = train(replace(settings, seed=seed))
            if diagnose(run).kind is Kind.OVERFITTED:
                told_by_heart.append(run)

    assert len(told_by_heart) >= 8
    for run in told_by_heart:
        right, rows = int(run.test_correct.sum()), len(run.test_correct)
        assert np.mean(run.correct) >= 0.95
        assert right / rows <= np.mean(run.correct) - 0.1
        assert f"but only {right} of {rows} test rows" in diagnose(run).sentence
        assert false_claims(run, diagnose(run)) == []


def test_of_rows_that_were_not_learned_it_is_not_said_that_they_were_learned_by_heart() -> None:
    settings = Settings((5,), 0.2, 50, data="xor", rows=20, test_share=0.5, seed=2)
    run = train(settings)
    assert run.correct.sum() < 8

    assert diagnose(run).kind is not Kind.OVERFITTED
