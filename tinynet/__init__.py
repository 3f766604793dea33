"""TinyNet: the smallest useful PyTorch network, trained in the open.

parts            the choices, one table each
own              data of one's own: Painting, table
settings         every knob once: Settings, SettingsError
address          Settings <-> the address of the page
maps             which part of which plane of two knobs a map shows
pins             runs that are kept beside the others
expressions      Settings -> the expressions that stand in the script
data             Settings -> the rows to train on and to test on
network          Settings -> nn.Sequential
rates            Settings -> the learning rate of every epoch
devices          the devices of this machine: available_devices, DeviceUnavailable
fresh            PyTorch as a fresh process has it, whatever the caller has set
run              what a training leaves behind: Run
colour_scale     which value of a map has which colour: ColourScale
engine           what any way to run the loop must do
loop             the loop as the script has it
backpropagation  that loop without autograd: faster, every bit the same
training         Settings -> Run, an epoch at a time, in turns: train
grid             the cells of a sweep, and what came of each: Sweep
sweeping         Settings and axes -> Sweep, thousands of networks at a time: sweep
nearness         how near the numbers of a map are: Nearness
checking         Settings and axes -> the exact ends of some cells, in turns
epoch            what the five lines made in one epoch: Epoch
explain          Run -> one of its epochs, opened up
film             Run -> its kept states, for the player to draw
landscape        the loss over a plane through the weights, and a run's path there: Landscape
plane            the planes: along the path of a run, or in random directions
survey           Run -> Landscape, place by place, in turns: landscape
coach            changes that are tried beside a run, and what of them helps: suggest
diagnosis        what happened in a run, and why, in plain words
lessons          small experiments: two runs, a question, an answer
tables           Run -> pandas frames
charts           Run, Landscape -> plotly figures
atlas            Settings and a map -> a large picture, tile by tile: python -m tinynet.atlas
export           the script, the notebook, the weights, the losses
proof            runs a script and holds what it prints to a run
ui               all that knows Streamlit

>>> from tinynet import Settings, train
>>> run = train(Settings(hidden_units=5, learning_rate=0.01, epochs=50))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tinynet.grid import Sweep
from tinynet.own import DataError, Table, table
from tinynet.run import Checkpoints, Run
from tinynet.settings import Settings, SettingsError

if TYPE_CHECKING:
    from tinynet.coach.trial import Suggestion
    from tinynet.coach.trying import suggest
    from tinynet.devices import DeviceUnavailable, available_devices
    from tinynet.export import to_notebook, to_script, to_weights
    from tinynet.sweeping import sweep
    from tinynet.training import train

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
    "available_devices",
    "suggest",
    "sweep",
    "table",
    "to_notebook",
    "to_script",
    "to_weights",
    "train",
]

# These need torch, which takes seconds to import: they are fetched when first asked for.
_TORCH_BOUND = {
    "DeviceUnavailable": "tinynet.devices",
    "Suggestion": "tinynet.coach.trial",
    "available_devices": "tinynet.devices",
    "suggest": "tinynet.coach.trying",
    "sweep": "tinynet.sweeping",
    "to_notebook": "tinynet.export",
    "to_script": "tinynet.export",
    "to_weights": "tinynet.export",
    "train": "tinynet.training",
}


def __getattr__(name: str) -> object:
    """Fetch a name that needs torch."""
    if name not in _TORCH_BOUND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_TORCH_BOUND[name]), name)
