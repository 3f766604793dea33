"""The page on one row's arithmetic, and the values of the article's loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.arithmetic import (
    EPOCH,
    RATE,
)
from tests.oracle import article_loop
from tests.page_in_app_test import opened


@pytest.fixture(scope="module")
def made() -> Any:
    """The values of the article's loop in that epoch, by autograd."""
    run = article_loop([5], RATE, EPOCH + 1, 0)
    tensors = ("before", "sums", "outputs", "slopes")
    arrays = {name: [np.array(each) for each in run["last epoch"][name]] for name in tensors}
    return {**arrays, "x": np.array(run["inputs"])}


@pytest.fixture(scope="module")
def page() -> AppTest:
    return opened(tab="Look inside", epoch=str(EPOCH), lr=str(RATE))
