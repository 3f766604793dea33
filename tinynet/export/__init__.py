"""Export: what a visitor takes home: the script, the notebook, the weights, the losses.

cells     the pieces of the story
rows      its cells about the data, the features, the split
model     about the network, in two forms
training  about the optimizer and the loop
story     Settings -> script and notebook
files     the weights, the losses, the names of files
"""

from __future__ import annotations

from tinynet.export.files import file_stem, to_csv, to_weights
from tinynet.export.model import Form
from tinynet.export.story import to_loop, to_notebook, to_script

__all__ = ["Form", "file_stem", "to_csv", "to_loop", "to_notebook", "to_script", "to_weights"]
