"""Twenty scripts of the kind that beginners write, with what can be read of each.

Each entry has the script, the settings that it means, and a word of each reason why a line of it is
not understood, by the text of that line.
"""

from __future__ import annotations

from tests.beginners import loops, models
from tests.beginners.scripts import Beginner

SCRIPTS = {**loops.SCRIPTS, **models.SCRIPTS}

__all__ = ["SCRIPTS", "Beginner"]
