"""A landscape measured in turns."""

from __future__ import annotations

import threading
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from tinynet import Run
from tinynet.analysis.landscape import Landscape
from tinynet.analysis.survey import Surveying, landscape

# In turns


def same(one: Landscape, other: Landscape) -> bool:
    pairs = ((getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    return all(np.array_equal(*pair) for pair in pairs)


def test_turns_from_any_thread_add_up_to_the_same_landscape(article_run: Run) -> None:
    surveying, shares = Surveying(article_run, size=9), [0.0]
    while not surveying.finished:
        turn = threading.Thread(target=surveying.advance, kwargs={"seconds": 0.0005})
        turn.start()
        turn.join()
        shares.append(surveying.share)

    assert same(surveying.to_landscape(), landscape(article_run, size=9))
    assert shares == sorted(set(shares))
    assert shares[-1] == 1


def test_a_turn_whose_time_is_over_at_once_measures_one_network(article_run: Run) -> None:
    surveying = Surveying(article_run, size=2)
    surveying.advance(seconds=0)

    assert surveying.share == 1 / (2 * 51 + 4)


def test_a_coarser_grid_comes_first_and_is_a_part_of_the_last(article_run: Run) -> None:
    whole = landscape(article_run, size=17)
    surveying = Surveying(article_run, size=17)
    sizes = []
    while not surveying.finished:
        surveying.advance(seconds=0)
        if not surveying.is_drawable:
            with pytest.raises(ValueError, match="not computed yet"):
                surveying.to_landscape()
            continue
        land = surveying.to_landscape()
        step = 16 // (len(land.x) - 1)
        sizes.append(len(land.x))

        assert land.losses.tolist() == whole.losses[::step, ::step].tolist()
        assert land.x.tolist() == whole.x[::step].tolist()
        assert land.y.tolist() == whole.y[::step].tolist()
    assert sizes == [3] * 16 + [5] * 56 + [9] * 208 + [17]


def test_its_size_is_that_of_its_numbers(article_run: Run) -> None:
    surveying = Surveying(article_run, size=5)
    states, parameters = 51, 61
    own = 8 * (2 * 5 + 2 * states + 2 * parameters) + 4 * (25 + 2 * states + states * parameters)

    assert surveying.nbytes == own + surveying._loop.nbytes + article_run.nbytes


@pytest.mark.parametrize(
    ("kind", "size", "words"),
    [
        ("hills", 41, "directions must be path or random, not 'hills'"),
        ("path", 1, "size must be 2 or more, not 1"),
    ],
)
def test_what_makes_no_sense_is_refused(article_run: Run, kind: Any, size: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        landscape(article_run, kind, size)
