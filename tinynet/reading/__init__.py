"""Reading: a script of PyTorch -> Settings, by its syntax tree alone; nothing of it is run.

values       what calls and operators would make
operators    the operators that are worked out
expressions  expressions -> values
statements   statements -> the values of names, and the calls that act
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

from tinynet.reading.findings import Line
from tinynet.reading.script import Script, read_script

__all__ = ["Line", "Script", "read_script"]
