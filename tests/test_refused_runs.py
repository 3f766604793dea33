"""Runs whose criterion refuses NaN: the script fails, and the run ends with a loss of NaN."""

from __future__ import annotations

import numpy as np
import pytest

from tests.forks import run_fresh
from tinynet import Settings, to_script, train
from tinynet.analysis.explain import explain
from tinynet.export.proof import prove
from tinynet.training.backpropagation import fastest_loop
from tinynet.training.film import film
from tinynet.training.loop import Loop
from tinynet.training.train import Training

REFUSED = Settings((8, 8), 0.1, 40, data="moons", loss="bce", test_share=0.3)
object.__setattr__(REFUSED, "learning_rate", 1e25)


@pytest.mark.slow
@pytest.mark.parametrize("loop", [fastest_loop, Loop])
@pytest.mark.parametrize("batch_size", [0, 16])
def test_the_run_ends_at_the_epoch_at_which_the_script_does(
    loop: type[Loop], batch_size: int
) -> None:
    settings = Settings(**{**vars(REFUSED), "learning_rate": 0.1, "batch_size": batch_size})
    object.__setattr__(settings, "learning_rate", 1e25)
    with pytest.raises(RuntimeError, match="between 0 and 1"):
        run_fresh(to_script(settings))
    training = Training(settings, loop)
    while not training.finished:
        training.advance(seconds=1)
    run = training.to_run()
    proof = prove(to_script(settings), run, lambda _: None)

    assert run.diverged
    assert np.isnan(run.losses[-1]) or np.isnan(run.test_losses[-1])
    assert (proof.differing, proof.after) == ((), 0)
    assert len(proof.printed) == len(run.losses) - 1
    assert "The run ended there, at nan, and so did the script: all elements" in proof.verdict
    assert film(run).epochs[-1] == len(run.losses)
    assert np.isnan(explain(run, len(run.losses) - 1).loss) or batch_size


def test_any_other_error_of_a_script_is_not_hidden() -> None:
    run = train(Settings())

    with pytest.raises(ZeroDivisionError):
        prove("1 / 0", run, lambda _: None)
    with pytest.raises(RuntimeError, match="no matter"):
        prove("raise RuntimeError('no matter')", run, lambda _: None)
