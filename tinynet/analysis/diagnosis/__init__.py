"""Diagnosis: what happened in a run, and why, in sentences that are true of that run.

words      numbers as text
curve      the loss of all rows, state by state
scores     correct rows or R², and whether that is good enough
ends       the end of a run, in numbers that can be compared
stories    what the loss did, and a network that gives every row the same answer
gradients  the gradients of the loss, and the minimum of a linear network
causes     why a run falls short of good
steps      causes in the steps
diagnosis  Run -> Diagnosis

`tests/benchmarks/sentences.py` checks each sentence against its run.
"""

from __future__ import annotations

from tinynet.analysis.diagnosis.diagnosis import Diagnosis, diagnose
from tinynet.analysis.diagnosis.ends import End, end_of, is_good
from tinynet.analysis.diagnosis.stories import Kind
from tinynet.analysis.diagnosis.words import loss_text

__all__ = ["Diagnosis", "End", "Kind", "diagnose", "end_of", "is_good", "loss_text"]
