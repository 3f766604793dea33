"""Model -> chain: its linear layers and what follows each, found by running the model once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.pytorch import evaluate
from tinynet.training.chain_parts import Linear, Norm, Operation, Part, Undrawable, operation_of

# Views change no number, and the chain reshapes its output itself.
VIEWS = {"view", "_unsafe_view", "reshape", "squeeze", "unsqueeze", "alias", "detach"}
SOFTMAX = {"_softmax", "_log_softmax"}
# Activations outside the registry that can be drawn in nodes and edges, but not over the plane.
OTHERS = ("nn.Softplus()", "nn.Mish()", "nn.SELU()", "nn.ReLU6()", "nn.Hardtanh()", "nn.CELU()")


class Chain(NamedTuple):
    """The parts of a model in the order of its forward pass, and the activation of each layer."""

    parts: tuple[Part, ...]
    activations: tuple[str, ...]  # the code of each linear layer's activation
    has_softmax: bool  # whether the last part is a softmax, which is not the activation of a unit
    shape: tuple[int, ...]  # the shape of the model's output, without the rows

    @property
    def linears(self) -> list[nn.Linear]:
        """The linear layers."""
        return [part.module for part in self.parts if isinstance(part, Linear)]

    @property
    def widths(self) -> list[int]:
        """The number of inputs, and of the units of each layer."""
        linears = self.linears
        return [linears[0].in_features, *(each.out_features for each in linears)]

    @property
    def has_norm(self) -> bool:
        """Whether there is a batch norm between the layers."""
        return any(isinstance(part, Norm) for part in self.parts)

    def tensors(self) -> list[torch.Tensor]:
        """Return the tensors that the forward pass needs, part by part."""
        return [tensor for part in self.parts for tensor in part.tensors()]

    def forward(
        self, x: torch.Tensor, tensors: Sequence[torch.Tensor]
    ) -> tuple[list[torch.Tensor], torch.Tensor, torch.Tensor]:
        """Return the outputs of the hidden layers, the predictions, and the model's output."""
        given, layer_inputs = iter(tensors), []
        predictions = x = x.reshape(len(x), -1)
        for part in self.parts:
            if isinstance(part, Linear):
                layer_inputs.append(x)
            predictions = x
            x = part.run(x, given)
        if not self.has_softmax:
            predictions = x
        return layer_inputs[1:], predictions, x.reshape(len(x), *self.shape)


def chain_of(model: nn.Module, x: torch.Tensor) -> Chain:
    """Return the chain of a model; Undrawable, with a sentence, if it has no chain."""
    with in_evaluation(model), torch.no_grad():
        found, output = _traced(model, x)
        parts = tuple(_linked(found, x, output))
        codes, has_softmax = _activations(parts)
        shape = tuple(output.shape[1:])
        chain = Chain(parts, codes, has_softmax, shape)
        if not _same(chain, x, output):
            raise Undrawable("Its forward pass computes something besides its layers.")
    return chain


@contextmanager
def in_evaluation(model: nn.Module) -> Iterator[None]:
    """Run a model without dropout, and restore its modes and the random state at the end."""
    modes = [(module, module.training) for module in model.modules()]
    devices = {each.device for each in model.parameters() if each.device.type == "cuda"}
    with torch.random.fork_rng([*devices]):
        for module, _ in modes:
            module.training = False
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode


class _Trace(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes each linear layer, each batch norm, and each operation outside of them."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.noted: list[tuple[str, Any, Any, torch.Tensor]] = []  # name, what, input, output
        self.inside: list[str] = []
        self.muted = 0
        self.root = type(model).__name__

    def __torch_dispatch__(self, func: Any, _: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note an operation."""
        output = func(*args, **(kwargs or {}))
        if not self.muted:
            self.noted.append((self.place, operation_of(func, args, kwargs or {}), args, output))
        return output

    @property
    def place(self) -> str:
        """The innermost module that runs, by its class and its name."""
        return self.inside[-1] if self.inside else self.root

    def enter(self, place: str, is_part: bool, *_: Any) -> None:  # noqa: FBT001 - bound by us
        """Note that a module begins."""
        self.inside.append(place)
        self.muted += is_part

    def leave(self, part: Part | None, _: Any, args: Any, output: Any) -> None:
        """Note that a module ends."""
        place = self.inside.pop()
        if part:
            self.muted -= 1
            self.noted.append((place, part, args, output))


def _traced(model: nn.Module, x: torch.Tensor) -> tuple[list[Any], Any]:
    """Run a model; return what it computed, and its output."""
    trace, handles = _Trace(model), []
    for name, module in model.named_modules():
        kind = {nn.Linear: Linear, nn.BatchNorm1d: Norm}.get(type(module))
        part = kind(module) if kind else None
        place = f"{type(module).__name__} ({name})" if name else type(module).__name__
        enter, leave = partial(trace.enter, place, bool(part)), partial(trace.leave, part)
        handles += [module.register_forward_pre_hook(enter), module.register_forward_hook(leave)]
    try:
        with trace:
            output = model(x)
    finally:
        for handle in handles:
            handle.remove()
    return trace.noted, output


def _linked(noted: list[Any], x: torch.Tensor, output: Any) -> Iterator[Part]:
    """Yield the parts, each of which takes the result of the part before."""
    now, has_begun = x, False
    for place, part, args, made in noted:
        tensors = [each for each in args if isinstance(each, torch.Tensor)]
        is_view = isinstance(part, Operation) and part.name in VIEWS
        has_begun |= isinstance(part, Linear)
        if len(tensors) != 1 or not _is(tensors[0], now) or not (has_begun or is_view):
            what = f" (it computes {part.name})" if isinstance(part, Operation) else ""
            raise Undrawable(f"{place} cannot be drawn{what}.")
        if not is_view:
            yield part
        now = made
    if not isinstance(output, torch.Tensor):
        raise Undrawable(f"Its forward pass returns {type(output).__name__}, not a tensor.")
    if not has_begun or not _is(output, now):
        raise Undrawable("It has no linear layer that leads to its output.")


def _is(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Tell whether two tensors have the same numbers in the same memory."""
    return one.data_ptr() == other.data_ptr() and one.numel() == other.numel()


def _activations(parts: Sequence[Part]) -> tuple[tuple[str, ...], bool]:
    """Return the code of each layer's activation, and whether a softmax comes last."""
    after: list[list[Operation]] = []
    for part in parts:
        if isinstance(part, Linear):
            after.append([])
        elif isinstance(part, Operation):
            after[-1].append(part)
    has_softmax = bool(after[-1]) and after[-1][-1].name in SOFTMAX
    if has_softmax:
        after[-1].pop()
    return tuple(map(_code_of, after)), has_softmax


def _code_of(operations: list[Operation]) -> str:
    signature = tuple(each.signature for each in operations)
    if signature not in _known():
        names = " and ".join(each.name for each in operations)
        raise Undrawable(f"Between its layers it computes {names}, which cannot be drawn.")
    return _known()[signature]


@cache
def _known() -> dict[tuple[Any, ...], str]:
    """Return the code of each activation that can be drawn, by what it computes."""
    codes = [*OTHERS, *(each.code for each in ACTIVATIONS.values())]
    known = {_signature(evaluate(code)): code for code in codes}
    return known | {_signature(lambda sums: sums.clamp(min=0)): ACTIVATIONS["relu"].code}


def _signature(function: Callable[[torch.Tensor], torch.Tensor]) -> tuple[Any, ...]:
    trace = _Trace(nn.Identity())
    sums = torch.zeros(2, dtype=torch.float32)
    with torch.no_grad(), trace:
        function(sums)
    return tuple(part.signature for _, part, *_ in trace.noted)


def _same(chain: Chain, x: torch.Tensor, output: torch.Tensor) -> bool:
    again = chain.forward(x, chain.tensors())[-1]
    return torch.equal(again.nan_to_num(), output.nan_to_num())
