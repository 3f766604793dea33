"""Callers with their own PyTorch settings, each in its own process.

`main` prints the core's results for each caller, pickled.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from tinynet import Run, Settings, to_script, to_weights, train
from tinynet.analysis.epoch import Epoch
from tinynet.analysis.explain import explain
from tinynet.export.proof import Proof, prove
from tinynet.training.film import Film, film
from tinynet.training.fresh import fresh_torch_state

CHOICES = (
    Settings((33,), 0.5, 40, seed=3),  # wide enough that two threads give other bits
    Settings((33,), 2.0, 30, seed=1, zero_gradients=False),  # some numbers are denormal
    Settings((8, 3), 0.5, 20),
)


class Caller(NamedTuple):
    """A caller's PyTorch setting: how to set it, and how to read it."""

    set: Callable[[], object]  # and enters it, if it is a context manager
    look: Callable[[], object]


@dataclass
class Outcome:
    """The core's results for a caller, and the state of the caller's own setting."""

    untouched: str = ""  # the setting before the caller sets it
    at_first: str = ""
    inside: str = ""  # the setting inside the core
    seen: set[str] = field(default_factory=set)  # afterwards, and whenever a script paused
    error: str = ""
    made: list[tuple[Run, Film, Epoch, Proof, bytes]] = field(default_factory=list)


class FunctionMode(TorchFunctionMode):
    """A mode that refuses every function of PyTorch."""

    def __torch_function__(self, func: Any, *_: Any) -> Any:
        """Raise an error."""
        raise AssertionError(f"{func} came by.")


class DispatchMode(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """A mode that refuses every operation of PyTorch."""

    def __torch_dispatch__(self, func: Any, *_: Any) -> Any:
        """Raise an error."""
        raise AssertionError(f"{func} came by.")


def put(owner: Any, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(owner, name, value)


def precisions() -> object:
    backends = torch.backends
    one_dnn: Any = backends.mkldnn
    owners = (backends, backends.cuda.matmul, one_dnn, one_dnn.matmul)
    return [each.fp32_precision for each in owners]


def default_device() -> object:
    context = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    return context and context.device


def anomalies() -> object:
    return torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()


def smallest_product() -> object:
    return (torch.tensor(1e-38) * 0.01).item()


def type_of_a_product() -> object:
    return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype


def autocast_to_cuda() -> object:
    return torch.is_autocast_enabled("cuda")


CALLERS = {
    "as in a fresh process": Caller(lambda: None, torch.get_num_threads),
    "three threads": Caller(lambda: torch.set_num_threads(3), torch.get_num_threads),
    "no gradients": Caller(torch.no_grad, torch.is_grad_enabled),
    "inference mode": Caller(torch.inference_mode, torch.is_inference_mode_enabled),
    "default device meta": Caller(lambda: torch.set_default_device("meta"), default_device),
    "default device cuda": Caller(lambda: torch.set_default_device("cuda"), default_device),
    "with a device": Caller(lambda: torch.device("meta"), lambda: torch.ones(1).device),
    "autocast": Caller(lambda: torch.autocast("cpu"), type_of_a_product),
    "autocast on a GPU": Caller(
        lambda: torch.set_autocast_enabled("cuda", True),  # noqa: FBT003
        autocast_to_cuda,
    ),
    "float64": Caller(lambda: torch.set_default_dtype(torch.float64), torch.get_default_dtype),
    "bfloat16": Caller(lambda: torch.set_default_dtype(torch.bfloat16), torch.get_default_dtype),
    "default tensor type": Caller(
        lambda: torch.set_default_tensor_type(torch.DoubleTensor), torch.get_default_dtype
    ),
    "denormals flushed": Caller(
        lambda: torch.set_flush_denormal(True),
        smallest_product,
    ),
    "rough products": Caller(lambda: torch.set_float32_matmul_precision("medium"), precisions),
    "rough by another name": Caller(put(torch.backends, "fp32_precision", "bf16"), precisions),
    "no oneDNN": Caller(
        put(torch.backends.mkldnn, "enabled", value=False), lambda: torch.backends.mkldnn.enabled
    ),
    "deterministic": Caller(
        lambda: torch.use_deterministic_algorithms(mode=True), torch.get_deterministic_debug_mode
    ),
    "anomaly detection": Caller(
        lambda: torch.autograd.set_detect_anomaly(mode=True, check_nan=False), anomalies
    ),
    "a function mode": Caller(FunctionMode, torch._C._len_torch_function_stack),
    "a dispatch mode": Caller(DispatchMode, torch._C._len_torch_dispatch_stack),
}


def everything(caller: Caller) -> Outcome:
    """Apply the caller's setting, compute the core's results, and read the setting after each."""
    outcome = Outcome(untouched=str(caller.look()))

    def look(_: object = None) -> None:
        outcome.seen.add(str(caller.look()))

    with ExitStack() as contexts:
        context = caller.set()
        if isinstance(context, AbstractContextManager):
            contexts.enter_context(context)
        outcome.at_first = str(caller.look())
        with fresh_torch_state():
            outcome.inside = str(caller.look())
        try:
            for settings in CHOICES:
                look(run := train(settings))
                look(reel := film(run))
                look(opened := explain(run, settings.epochs - 1))
                look(proof := prove(to_script(settings), run, look))
                look(weights := to_weights(run))
                outcome.made.append((run, reel, opened, proof, weights))
        except BaseException:  # noqa: BLE001 - the test says it
            outcome.error = traceback.format_exc()
    return outcome


def in_a_process_of_its_own(caller: Caller) -> Outcome:
    """Fork, to avoid importing torch again."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        with open(writer, "wb") as pipe:  # noqa: PTH123 - no path
            pickle.dump(everything(caller), pipe)
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:  # noqa: PTH123
        outcome: Outcome = pickle.load(pipe)  # noqa: S301 - our own
    os.wait()
    return outcome


def main() -> None:
    """Print the core's results for every caller."""
    torch.optim.SGD([torch.zeros(1)])  # imports most modules once, before the forks
    answers = {name: in_a_process_of_its_own(each) for name, each in CALLERS.items()}
    sys.stdout.buffer.write(pickle.dumps(answers))
