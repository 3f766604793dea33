"""TinyNet: the smallest useful PyTorch network, trained live.

registry   the choices, one table each: data sets, activations, losses, optimizers …
user_data  files and paintings: Painting, table
settings   every knob once: Settings, SettingsError
links      Settings and views <-> the parameters of an address
training   Settings -> Run: train; a film of a loop of your own: watch
sweeping   Settings and axes -> Sweep, thousands of networks at a time: sweep
analysis   Run -> diagnosis, coach, lessons, tables, landscape: suggest
charts     Run, Sweep, Landscape -> plotly figures; colours
atlas      a large map, on one machine or many: python -m tinynet.atlas
serving    the trainings of many visitors, in turns
stage      Run -> the data and the scripts for its pictures in the browser
export     the script, the notebook, the weights, the living picture: to_html
ui         everything that uses Streamlit

>>> from tinynet import Settings, train
>>> run = train(Settings(hidden_units=5, learning_rate=0.01, epochs=50))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tinynet.settings import Settings, SettingsError
from tinynet.sweeping.grid import Sweep
from tinynet.training.run import Checkpoints, Run
from tinynet.user_data import DataError, Table, table

if TYPE_CHECKING:
    from tinynet.analysis.coach.trial import Suggestion
    from tinynet.analysis.coach.trying import suggest
    from tinynet.export import to_html, to_notebook, to_script, to_weights
    from tinynet.sweeping.turns import sweep
    from tinynet.training.devices import DeviceUnavailable, available_devices
    from tinynet.training.train import train
    from tinynet.training.watch import watch
    from tinynet.training.watched import WatchedFilm

__all__ = [
    "Checkpoints",
    "DataError",
    "DeviceUnavailable",
    "Run",
    "Settings",
    "SettingsError",
    "Suggestion",
    "Sweep",
    "Table",
    "WatchedFilm",
    "available_devices",
    "suggest",
    "sweep",
    "table",
    "to_html",
    "to_notebook",
    "to_script",
    "to_weights",
    "train",
    "watch",
]

# These need torch, which takes seconds to import, so they are imported at their first use.
_TORCH_BOUND = {
    "DeviceUnavailable": "tinynet.training.devices",
    "Suggestion": "tinynet.analysis.coach.trial",
    "WatchedFilm": "tinynet.training.watched",
    "available_devices": "tinynet.training.devices",
    "suggest": "tinynet.analysis.coach.trying",
    "sweep": "tinynet.sweeping.turns",
    "to_html": "tinynet.export",
    "to_notebook": "tinynet.export",
    "to_script": "tinynet.export",
    "to_weights": "tinynet.export",
    "train": "tinynet.training.train",
    "watch": "tinynet.training.watch",
}


def __getattr__(name: str) -> object:
    """Import a name that needs torch."""
    if name not in _TORCH_BOUND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_TORCH_BOUND[name]), name)
