"""The page on a machine where a long run takes seconds: for the tests of how one is waited for."""

from __future__ import annotations

import runpy

from tests import slow_training  # noqa: F401 - takes the place of the fast one
from tests.browser import PAGE

runpy.run_path(str(PAGE))
