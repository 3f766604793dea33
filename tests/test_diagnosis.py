"""Diagnosis: the first story that fits, true to the run, and a hint that helps."""

from __future__ import annotations

import pytest

from tests.made_up import made_up_run
from tinynet import Run, Settings, train
from tinynet.diagnosis import Kind, diagnose, loss_text

NAN = float("nan")


@pytest.mark.parametrize(
    ("losses", "right", "kind"),
    [
        ([0.24, 0.23, NAN, NAN], 0, Kind.BROKE),
        ([0.24, 0.20, 0.211, 0.10], 6, Kind.BOUNCED),
        ([0.24, 0.20, 0.211, 0.10], 10, Kind.BOUNCED),
        ([0.24, 0.236, 0.233, 0.229], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.245, 0.25], 6, Kind.HARDLY_MOVED),
        ([0.24, 0.15, 0.09], 10, Kind.LEARNED),
        ([0.24, 0.20, 0.17, 0.16], 8, Kind.STILL_FALLING),
        ([0.24, 0.235, 0.22, 0.2183], 8, Kind.STILL_FALLING),
        ([0.24, 0.20, 0.16, 0.1599], 8, Kind.STUCK),
        ([0.24, 0.20, 0.16, 0.165], 8, Kind.STUCK),
    ],
)
def test_the_first_story_that_fits_is_told(losses: list[float], right: int, kind: Kind) -> None:
    assert diagnose(made_up_run(losses, right)).kind is kind


def test_a_bounce_is_told_with_its_epoch_and_both_losses() -> None:
    told = diagnose(made_up_run([0.24, 0.1, 0.12, 0.3, 0.09])).sentence

    assert "from 0.1000 back up to 0.3000 at epoch 3" in told


def test_a_straight_line_down_is_still_falling_however_slow() -> None:
    slow = [0.24 - 0.0003 * epoch for epoch in range(51)]

    assert diagnose(made_up_run(slow)).kind is Kind.STILL_FALLING


def test_more_hidden_units_than_there_are_is_no_hint() -> None:
    stuck = [0.24, 0.2, 0.16, 0.16]
    widest = diagnose(made_up_run(stuck, settings=Settings(64)))  # type: ignore[arg-type]

    assert "hidden units" in diagnose(made_up_run(stuck)).hint
    assert widest.hint == "Try a new random start."


def test_the_last_tenth_decides_whether_it_is_still_falling() -> None:
    flat_at_last = [0.24 - 0.001 * epoch for epoch in range(90)] + [0.15] * 11

    assert diagnose(made_up_run(flat_at_last)).kind is Kind.STUCK
    assert diagnose(made_up_run(flat_at_last[:91])).kind is Kind.STILL_FALLING


def test_the_articles_run_hardly_moved(article_run: Run) -> None:
    assert diagnose(article_run).kind is Kind.HARDLY_MOVED


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(epochs=1),
        Settings(learning_rate=0.0001, epochs=2_000),
        Settings(learning_rate=0.1),
        Settings(learning_rate=0.05, epochs=100),
    ],
)
def test_following_the_hint_lowers_the_loss(settings: Settings, seed: int) -> None:
    run = train(Settings(settings.hidden_units, settings.learning_rate, settings.epochs, seed=seed))
    better = diagnose(run).next_settings

    assert better is not None
    assert train(better).final_loss < run.final_loss


def test_a_bounce_calls_for_a_smaller_learning_rate() -> None:
    settings = Settings(learning_rate=5, epochs=3)
    diagnosis = diagnose(made_up_run([0.24, 0.1, 0.3, 0.2], settings=settings))

    assert diagnosis.next_settings == Settings(learning_rate=2, epochs=3)
    assert "learning rate of 2." in diagnosis.hint


def test_where_no_knob_goes_further_the_hint_is_a_new_start() -> None:
    smallest = Settings(learning_rate=0.0001, epochs=3)
    longest = Settings(learning_rate=1, epochs=10_000)

    bounced = diagnose(made_up_run([0.24, 0.1, 0.3, 0.2], settings=smallest))
    falling = diagnose(made_up_run([0.24, 0.2, 0.1], settings=longest))

    for diagnosis in (bounced, falling):
        assert diagnosis.next_settings is None
        assert "new random start" in diagnosis.hint


def test_losses_are_told_with_the_digits_a_reader_can_use() -> None:
    assert [loss_text(loss) for loss in (0.24008, 0.00123, 0.000123, 0.0, NAN)] == [
        *("0.2401", "0.0012", "0.00012", "0", "nan")
    ]
