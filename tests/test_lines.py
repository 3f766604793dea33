"""The words beside step(): whether its rule holds, for an epoch made by hand."""

from __future__ import annotations

import numpy as np

from tinynet.epoch import Epoch
from tinynet.run import FloatArray
from tinynet.ui.lines import _whether_it_holds

RATE = 0.5
BEFORE, GRADIENT = np.array([1.0, -2.0], np.float32), np.array([0.3, 0.7], np.float32)
STEPPED = BEFORE - np.float32(RATE) * GRADIENT


def epoch(after: FloatArray) -> Epoch:
    return Epoch(
        number=0,
        names=("model[0].bias",),
        layers=(),
        loss=0.25,
        squared_errors=np.array([0.25], np.float32),
        standing=(),
        gradients=(GRADIENT,),
        before=(BEFORE,),
        after=(after,),
    )


def test_the_rule_holds_where_every_number_followed_it() -> None:
    assert "holds for all 2 numbers" in _whether_it_holds(epoch(STEPPED), RATE)


def test_one_number_that_did_not_follow_the_rule_is_noticed() -> None:
    strayed = STEPPED + np.array([0, 0.01], np.float32)

    sentence = _whether_it_holds(epoch(strayed), RATE)
    assert "does not hold here: the largest difference is 1e-02" in sentence


def test_a_step_that_breaks_the_training_is_said_to_do_so() -> None:
    for broken in (np.nan, np.inf):
        sentence = _whether_it_holds(epoch(np.array([broken, 1], np.float32)), RATE)
        assert "the training broke here" in sentence
        assert "hold" not in sentence
