"""The page on a simulated slow machine, for the tests of long runs."""

from __future__ import annotations

import runpy

from tests import slow_training  # noqa: F401 - takes the place of the fast one
from tests.browser import PAGE

runpy.run_path(str(PAGE))
