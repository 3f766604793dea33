"""Reading: a PyTorch script -> Settings, from its syntax tree; no part of the script is run.

values       the values in a script that is not run
operators    the operators that are calculated
expressions  expressions -> values
statements   statements -> the values of names, and the calls with an effect
known        what the registry's entries look like in a script
findings     values of knobs, and lines
network      predictions -> the layers
losses       the loss -> the criterion and what it compares
rows         batches, test rows, features
data         the rows -> the data that TinyNet has
optimizer    learning rates, weight decay, schedule
loop         the training loop: epochs, gradients
script       all of it: read_script
"""

from __future__ import annotations

from tinynet.reading.findings import Line, Marked
from tinynet.reading.script import Script, read_script

__all__ = ["Line", "Marked", "Script", "read_script"]
