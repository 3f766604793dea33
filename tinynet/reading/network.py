"""The predictions of a script -> the layers of its network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tinynet.reading.findings import Findings
from tinynet.reading.known import activation_of, arguments_of
from tinynet.reading.values import Made, Value, everything_in, is_made
from tinynet.registry.activations import ACTIVATIONS

LINEAR = "torch.nn.Linear"
# Operations that change only the shape of the outputs.
SHAPES = {
    *("[]", ".squeeze()", ".unsqueeze()", ".view()", ".reshape()", ".flatten()"),
    *("torch.squeeze", "torch.flatten", "torch.nn.Flatten"),
}
# After the last layer, a log-softmax can be a part of the cross-entropy; a softmax acts twice.
LOG_SOFTMAX = {"torch.nn.LogSoftmax", "torch.nn.functional.log_softmax", "torch.log_softmax"}
SOFTMAX = {"torch.nn.Softmax", "torch.nn.functional.softmax", "torch.softmax", ".softmax()"}


@dataclass(frozen=True)
class Layer:
    """A linear layer, and the operations that follow it."""

    made: Made
    inputs: Value
    outputs: Value
    after: list[Made] = field(default_factory=list)


@dataclass(frozen=True)
class Network:
    """The layers of a network, first to last, and its input rows."""

    layers: list[Layer]
    rows: Value

    @property
    def end(self) -> list[Made]:
        """The operations that follow the last layer."""
        return self.layers[-1].after

    @property
    def number(self) -> int:
        """The place of its first layer in the order of the script."""
        return min(each.made.number for each in self.layers)


def has_layers(value: Value) -> bool:
    """Return whether a value contains a linear layer."""
    return any(each.name == LINEAR for each in everything_in(value))


def network_of(predictions: Value, findings: Findings) -> Network | None:
    """Return the network that makes the predictions; None if there is no linear layer."""
    steps, layers = [*_steps(predictions)][::-1], list[Layer]()
    for module, _ in steps:
        if module.name == LINEAR:
            layers.append(_layer(module, findings))
        elif layers:
            layers[-1].after.append(module)
        elif module.name not in SHAPES:
            findings.refuse(module.line, f"{_name(module)} comes before the first nn.Linear.")
    return Network(layers, steps[0][1]) if layers else None


def _steps(value: Value) -> Iterator[tuple[Made, Value]]:
    """Yield each module or function and its input, from the last to the first."""
    while is_made(value):
        if value.name == "()" and is_made(value.parts[0]) and len(value.parts) > 1:
            module, value = value.parts[:2]
            yield module, value
            continue
        before = next((each for each in value.children if has_layers(each)), None)
        if before is None:
            return
        yield value, before
        value = before


def _layer(made: Made, findings: Findings) -> Layer:
    given = arguments_of(made) or {}
    if "bias" in given:
        findings.refuse(made.line, "Each layer of TinyNet has biases.")
    return Layer(made, given.get("in_features"), given.get("out_features"))


def take_network(network: Network, findings: Findings) -> None:
    """Take the hidden units and the activation."""
    *hidden, last = network.layers
    for before, after in zip(hidden, network.layers[1:], strict=True):
        if isinstance(after.inputs, int) and before.outputs != after.inputs:
            words = f"This layer takes {after.inputs} numbers, the one before gives"
            findings.refuse(after.made.line, f"{words} {before.outputs}.")
    if all(isinstance(each.outputs, int) for each in hidden):
        lines = {line for each in network.layers for line in each.made.lines}
        findings.take("hidden_units", tuple(each.outputs for each in hidden), lines)
    else:
        findings.refuse(last.made.line, "The number of units is not a number in the script.")
    taken = ""
    for layer in hidden:
        taken = _take_activation(layer, taken, findings)


def _take_activation(layer: Layer, taken: str, findings: Findings) -> str:
    """Take a layer's activation if none is taken yet; return the activation that is taken."""
    name, line = "linear", layer.made.line
    for each in layer.after:
        found = activation_of(each)
        if found:
            name, line = found.name, each.line
            if found.differing:
                findings.refuse(line, f"TinyNet has this activation {found.difference}.")
        elif each.name not in SHAPES:
            findings.refuse(each.line, f"TinyNet has no {_name(each)} after a hidden layer.")
    if not taken:
        findings.take("activation", name, [line])
    elif name != taken:
        label = ACTIVATIONS[taken].label
        findings.refuse(line, f"All hidden layers of TinyNet have one activation, here {label}.")
    elif line != layer.made.line:
        findings.take_more("activation", line)
    return taken or name


def ends_with(network: Network, activation: str) -> bool:
    """Return whether an activation follows the last layer."""
    return any((found := activation_of(each)) and found.name == activation for each in network.end)


def take_end(network: Network, findings: Findings, *, sigmoid: bool, softmax: bool) -> None:
    """Check what follows the last layer: a sigmoid for two classes, nothing otherwise.

    `softmax` says whether the loss computes a log-softmax of the outputs, or expects one.
    """
    for each in network.end:
        found = activation_of(each)
        if each.name in SHAPES or (found and found.name == "linear"):
            continue
        if sigmoid and found and found.name == "sigmoid":
            findings.understand([each.line], "the sigmoid of the output")
        elif softmax and each.name in LOG_SOFTMAX:
            findings.understand([each.line], "a part of the cross-entropy")
        elif softmax and each.name in SOFTMAX:
            findings.refuse(
                each.line, "CrossEntropyLoss applies softmax itself: here it acts twice."
            )
        else:
            findings.refuse(each.line, f"TinyNet has no {_name(each)} after the last layer.")


def _name(made: Made) -> str:
    if made.name == "?":
        return "such operation"
    return (
        made.name.removeprefix("torch.").removeprefix("nn.functional.").strip(".()") or "such call"
    )
