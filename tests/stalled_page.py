"""The page on a server that stalls at the worst moments."""

from __future__ import annotations

import runpy

from tests.browser import PAGE
from tests.stalling import begin_to_stall

begin_to_stall()
runpy.run_path(str(PAGE))
