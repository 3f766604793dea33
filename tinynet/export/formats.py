"""The files that a visitor can take home: one table entry for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from tinynet.export.files import file_stem, to_csv, to_weights
from tinynet.export.living import to_html
from tinynet.export.model import Form
from tinynet.export.saving import to_network
from tinynet.export.story import to_notebook, to_script
from tinynet.training.run import Run

Content = str | bytes


class ExportFormat(NamedTuple):
    """A kind of file, made of a run and the form of its model."""

    label: str
    ending: str
    content: Callable[[Run, Form], Content]


class ExportFile(NamedTuple):
    """A file of a run, made on demand."""

    label: str
    name: str
    content: Callable[[], Content]


FORMATS = (
    ExportFormat("The script", ".py", lambda run, form: to_script(run.settings, form)),
    ExportFormat("The notebook", ".ipynb", lambda run, form: to_notebook(run.settings, form)),
    ExportFormat("The trained weights", ".pt", lambda run, _: to_weights(run)),
    ExportFormat("The network for tinynet.load", ".safetensors", lambda run, _: to_network(run)),
    ExportFormat("The living picture", ".html", lambda run, _: to_html(run)),
    ExportFormat("The losses", ".csv", lambda run, _: to_csv(run)),
)


def export_files(run: Run, form: Form) -> Iterator[ExportFile]:
    """Yield all files of a run; files of user data come last."""
    stem = file_stem(run.settings)
    for label, ending, content in FORMATS:
        yield ExportFile(label, f"{stem}{ending}", partial(content, run, form))
    for name, data in run.settings.files.items():
        yield ExportFile("The data", name, partial(bytes, data))
