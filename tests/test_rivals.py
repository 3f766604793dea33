"""A network beside a linear one and the best constant, on the same rows of several splits."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean, stdev
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.frames import mixed
from tinynet import Settings, rivals, table, train
from tinynet.analysis.rivals import constant_end, has_converged, linear_settings
from tinynet.training.prediction import targets_of

MOONS = Settings((8,), 0.05, 60, data="moons", rows=60, test_share=0.5, optimizer="adam")


@pytest.mark.slow
def test_each_is_judged_on_the_same_rows_of_each_split() -> None:
    network, linear, constant = rivals(MOONS, 2)

    runs = [train(replace(MOONS, seed=seed)) for seed in range(2)]
    shares = [each.test_accuracy or 0 for each in runs]
    assert network.scores == pytest.approx(shares)
    assert (network.mean, network.spread) == pytest.approx((fmean(shares), stdev(shares)))
    assert linear.scores == pytest.approx(
        [train(linear_settings(each.settings)).test_accuracy for each in runs]
    )
    majority = [run.test_targets == run.majority_class for run in runs]
    assert constant.scores == pytest.approx([each.mean() for each in majority])
    assert {end.rows for rival in (network, linear, constant) for end in rival.ends} == {30}
    assert network.words == f"this network: {fmean(shares):.2f} ± {stdev(shares):.2f}"


def test_the_linear_network_reaches_the_least_squares_of_its_rows() -> None:
    settings = Settings((8,), 0.1, 20, data="plane", rows=100, test_share=0.3, l1=0.1, batch_size=5)

    run = train(linear_settings(settings))

    x = np.column_stack([run.inputs, np.ones(len(run.inputs))]).astype(float)
    least = np.linalg.lstsq(x, run.targets.astype(float), rcond=None)[1][0] / len(x)
    assert run.final_loss == pytest.approx(least, rel=1e-3)
    assert has_converged(run)
    assert not has_converged(train(replace(run.settings, epochs=5)))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(data=mixed(), test_share=0.4), lambda y: y.mean()),
        (Settings(data="plane", loss="l1", rows=50), np.median),
    ],
)
def test_the_best_constant_of_the_training_rows_answers_the_judged_rows(
    settings: Settings, expected: Any
) -> None:
    run = train(replace(settings, epochs=1))
    y = run.test_targets if run.has_test else run.targets

    end = constant_end(settings)

    constant = expected(run.targets.astype(float))
    power = 1 if settings.loss == "l1" else 2
    assert end.loss == pytest.approx((np.abs(y - constant) ** power).mean(), rel=1e-5)
    rest, whole = ((y - constant) ** 2).sum(), ((y - y.mean()) ** 2).sum()
    assert end.r_squared == pytest.approx(1 - rest / whole, abs=1e-5)


def test_a_class_without_a_training_row_is_never_the_constant_answer() -> None:
    frame = pd.DataFrame({"x": range(40), "t": [*"ab" * 19, "b", "c"]})
    data = table(frame, target="t")
    seed = next(
        seed
        for seed in range(99)
        if 2 in targets_of(Settings(data=data, test_share=0.5, seed=seed))[1]
    )

    end = constant_end(Settings(data=data, test_share=0.5, seed=seed))

    training, test = targets_of(Settings(data=data, test_share=0.5, seed=seed))
    assert 2 not in training
    assert end.correct == (test == np.bincount(training.ravel().astype(int)).argmax()).sum()


def test_the_number_of_splits_has_bounds() -> None:
    with pytest.raises(ValueError, match="splits must be from 1 to 20, not 21"):
        rivals(MOONS, 21)
    assert [each.spread for each in rivals(replace(MOONS, epochs=1), 1)] == [0, 0, 0]
