"""TinyNet: the smallest useful PyTorch network, trained live.

registry   the choices, one table each: data sets, activations, losses, optimizers …
user_data  files and paintings: Painting, table
settings   every knob once: Settings, SettingsError
links      Settings and views <-> the parameters of an address
training   Settings -> Run: train; a film of a loop of your own: watch
sweeping   Settings and axes -> Sweep, thousands of networks at a time: sweep
analysis   Run -> diagnosis, coach, lessons, tables: suggest, errors, worst_rows, importance, rivals
charts     Run, Sweep, Landscape -> plotly figures; colours
reading    a PyTorch script -> Settings: read_script
atlas      a large map, on one machine or many: python -m tinynet.atlas
serving    the trainings of many visitors, in turns
stage      Run -> the data and the scripts for its pictures in the browser
export     the script, the notebook, the weights, the living picture: to_html, save, load
ui         everything that uses Streamlit
command    opens the page: tinynet

>>> from tinynet import Settings, train
>>> run = train(Settings(hidden_units=5, learning_rate=0.01, epochs=50))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tinynet.settings import Settings, SettingsError
from tinynet.sweeping.grid import Sweep
from tinynet.training.run import Checkpoints, Run
from tinynet.user_data import DataError, Painting, Table, table

if TYPE_CHECKING:
    from tinynet.analysis.coach.trial import Suggestion
    from tinynet.analysis.coach.trying import suggest
    from tinynet.analysis.importance import importance
    from tinynet.analysis.measures import Errors, class_scores, errors, worst_rows
    from tinynet.analysis.rivals import Rival, rivals
    from tinynet.export import to_html, to_notebook, to_script, to_weights
    from tinynet.export.saving import load, save
    from tinynet.reading import read_script
    from tinynet.sweeping.turns import sweep
    from tinynet.training.devices import DeviceUnavailable, available_devices
    from tinynet.training.prediction import Predictor
    from tinynet.training.train import train
    from tinynet.training.watch import watch
    from tinynet.training.watched import WatchedFilm

__version__ = "1.0.0"
__all__ = [
    "Checkpoints",
    "DataError",
    "DeviceUnavailable",
    "Errors",
    "Painting",
    "Predictor",
    "Rival",
    "Run",
    "Settings",
    "SettingsError",
    "Suggestion",
    "Sweep",
    "Table",
    "WatchedFilm",
    "available_devices",
    "class_scores",
    "errors",
    "importance",
    "load",
    "read_script",
    "rivals",
    "save",
    "suggest",
    "sweep",
    "table",
    "to_html",
    "to_notebook",
    "to_script",
    "to_weights",
    "train",
    "watch",
    "worst_rows",
]

# These need torch, which takes seconds to import, so they are imported at their first use.
_TORCH_BOUND = {
    "DeviceUnavailable": "tinynet.training.devices",
    "Errors": "tinynet.analysis.measures",
    "Predictor": "tinynet.training.prediction",
    "Rival": "tinynet.analysis.rivals",
    "Suggestion": "tinynet.analysis.coach.trial",
    "WatchedFilm": "tinynet.training.watched",
    "available_devices": "tinynet.training.devices",
    "class_scores": "tinynet.analysis.measures",
    "errors": "tinynet.analysis.measures",
    "importance": "tinynet.analysis.importance",
    "load": "tinynet.export.saving",
    "read_script": "tinynet.reading",
    "rivals": "tinynet.analysis.rivals",
    "save": "tinynet.export.saving",
    "suggest": "tinynet.analysis.coach.trying",
    "sweep": "tinynet.sweeping.turns",
    "to_html": "tinynet.export",
    "to_notebook": "tinynet.export",
    "to_script": "tinynet.export",
    "to_weights": "tinynet.export",
    "train": "tinynet.training.train",
    "watch": "tinynet.training.watch",
    "worst_rows": "tinynet.analysis.measures",
}


def __dir__() -> list[str]:
    """Return all names, including names that need torch, for Tab and for help(tinynet)."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    """Import a name that needs torch."""
    if name not in _TORCH_BOUND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_TORCH_BOUND[name]), name)
