"""Export: the files that a visitor can take home.

cells     cells of prose and code
rows      the cells about the data, the features and the split
model     the cells about the network, in two forms
training  the cells about the optimizer and the loop
story     Settings -> script and notebook
files     Run -> weights and losses; file names
living    Run -> living picture: the stage in a file
living_page  the page of a living picture
rounding  a film -> a film of fewer bytes that prints the same numbers
growing   WatchedFilm -> a widget that grows in a notebook
formats   the table of all formats
answers   new rows -> the same rows behind their answers
saving    Run <-> a file that is safe to open: save, load
proof     a check that a script prints the losses of its run
"""

from __future__ import annotations

from tinynet.export.files import file_stem, to_csv, to_weights
from tinynet.export.formats import export_files
from tinynet.export.living import to_html
from tinynet.export.model import Form
from tinynet.export.story import to_loop, to_notebook, to_script

__all__ = [
    "Form",
    "export_files",
    "file_stem",
    "to_csv",
    "to_html",
    "to_loop",
    "to_notebook",
    "to_script",
    "to_weights",
]
