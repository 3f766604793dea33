"""What happened in a run, and why, in plain words; each sentence is true of that run.

words      numbers as a reader wants them
curve      the losses of all rows, which stories rest on
scores     how many rows are correct, in words
ends       how a run ended, in a number, and whether that is good enough
stories    what the loss did, and what the network answers
gradients  the loss's own gradients, and the minimum of a network without bends
causes     why a run ended short of good
diagnosis  all of it: a run -> its Diagnosis

`tests/benchmarks/sentences.py` reads each sentence as a claim, and holds it to the run.
"""

from __future__ import annotations

from tinynet.analysis.diagnosis.diagnosis import Diagnosis, diagnose
from tinynet.analysis.diagnosis.ends import End, end_of, is_good
from tinynet.analysis.diagnosis.stories import Kind
from tinynet.analysis.diagnosis.words import loss_text

__all__ = ["Diagnosis", "End", "Kind", "diagnose", "end_of", "is_good", "loss_text"]
