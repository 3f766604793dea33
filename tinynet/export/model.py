"""The cells about the network, in one of two forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import Template
from typing import Literal

from tinynet.export.cells import Cell, code, prose
from tinynet.export.rows import linears, sizes, source
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.settings import Settings
from tinynet.training.network import activations

Form = Literal["sequential", "class"]

SEQUENTIAL = Template("model = nn.Sequential($layers)")
CLASS = Template("""\
class TinyNet(nn.Module):
    def __init__(self):
        super().__init__()
        # Numbered as in nn.Sequential, so that the same weights fit both.
$layers

    def forward(self, x):
        $names = self.children()
$steps

model = TinyNet()""")
TO_DEVICE = Template("""\
device = '$device'
x, y, model = x.to(device), y.to(device), model.to(device)$test""")
TEST_TO_DEVICE = "\nx_test, y_test = x_test.to(device), y_test.to(device)"


def model_cells(settings: Settings, form: Form) -> Iterator[Cell]:
    """Describe the network and its initial weights."""
    model = model_of(form)(settings)
    named = "" if settings.data_set.names_sizes else sizes(settings)
    start = INITIALISATIONS[settings.initialisation].start
    yield prose("## The network", _what_it_does(settings))
    if not start:
        yield code(_weight_seed(settings), named, model, _to_device(settings))
        return
    yield code(_weight_seed(settings), named, model)
    yield prose("## The initial weights", "They replace the weights that PyTorch has drawn.")
    yield code(source(start), f"{start.__name__}(model)", _to_device(settings))


def model_of(form: str) -> Callable[[Settings], str]:
    """Return the function that writes the model in a form; raise ValueError for another form."""
    if form in _MODELS:
        return _MODELS[form]
    raise ValueError(f"form must be {' or '.join(_MODELS)}, not {form!r}.")


def _what_it_does(settings: Settings) -> str:
    *hidden, last = activations(settings)
    does = "Each linear layer multiplies by its weights and adds its biases"
    if hidden and hidden[0]:
        does += f"; {hidden[0].label} {hidden[0].words}"
    if last:
        end = f"the {last.label} squeezes the last sum into a number between 0 and 1"
    elif settings.task.has_output_per_class:
        end = (
            "the last sums, one for each class, are the predictions. The class with the largest "
            "one is the\nanswer; softmax turns them into probabilities, as a part of the criterion"
        )
    else:
        end = "the last sum is the prediction"
    return f"{does};\n{end}."


def _sequential(settings: Settings) -> str:
    modules = []
    for linear, activation in zip(linears(settings), activations(settings), strict=True):
        modules += [linear, activation.code] if activation else [linear]
    indent = ",\n" + " " * len("model = nn.Sequential(")
    return SEQUENTIAL.substitute(layers=indent.join(modules))


def _class(settings: Settings) -> str:
    count = len(settings.hidden_units)
    hidden = ["hidden"] if count == 1 else [f"hidden{layer}" for layer in range(1, count + 1)]
    layers = [
        f"        self.add_module('{2 * i}', {each})" for i, each in enumerate(linears(settings))
    ]
    *calls, last = [each.callable_code if each else "" for each in activations(settings)]
    steps = [f"        x = {call}({name}(x))" for call, name in zip(calls, hidden, strict=True)]
    steps.append(f"        return {last}(output(x))" if last else "        return output(x)")
    names = ", ".join([*hidden, "output"]) if hidden else "(output,)"
    return CLASS.substitute(layers="\n".join(layers), names=names, steps="\n".join(steps))


def _weight_seed(settings: Settings) -> str:
    if settings.weight_seed is None:
        return ""
    shuffles = " and shuffles" if settings.batch_size else ""
    reason = f"# Restart the random generator: the same seed draws the same weights{shuffles}."
    return f"{reason}\ntorch.manual_seed({settings.weight_seed})"


def _to_device(settings: Settings) -> str:
    if settings.device == "cpu":
        return ""
    test = TEST_TO_DEVICE if settings.test_rows else ""
    return TO_DEVICE.substitute(device=settings.device, test=test)


_MODELS: dict[str, Callable[[Settings], str]] = {"sequential": _sequential, "class": _class}
