"""The calls with an effect in a script -> its training loop."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet.reading.findings import Findings
from tinynet.reading.statements import Event, Statements
from tinynet.reading.values import Made, Value, is_made

CLIP = ("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm")
RESTORE = (".copy_()", ".load_state_dict()")  # when called after the training
OPTIMIZER, SCHEDULER = "torch.optim.", "torch.optim.lr_scheduler."
COUNTED = ("range", "trange", "tqdm.trange", "tqdm.auto.trange", "tqdm.notebook.trange")


@dataclass(frozen=True)
class Loop:
    """The training loop: the backward pass, and the calls with an effect around it."""

    backward: Event
    events: list[Event]  # of the whole script

    def all(self, name: str, of: str = "") -> list[Event]:
        """Return the calls of a method; with `of`, only those whose owner's path begins with it."""
        return [
            each
            for each in self.events
            if each.call.name == name
            and (not of or (is_made(each.call.parts[0]) and each.call.parts[0].name.startswith(of)))
        ]

    @property
    def optimizers(self) -> list[Event]:
        """The steps of optimizers."""
        steps = self.all(".step()", OPTIMIZER)
        return [each for each in steps if not each.call.parts[0].name.startswith(SCHEDULER)]

    @property
    def schedulers(self) -> list[Event]:
        """The steps of schedulers."""
        return self.all(".step()", SCHEDULER)


def loop_of(statements: Statements, findings: Findings) -> Loop | None:
    """Return the last training loop; None without a backward pass."""
    passes = [each for each in statements.events if each.call.name == ".backward()"]
    for each in passes[:-1]:
        findings.refuse(each.call.line, "Only the last training of a script is read.")
    return Loop(passes[-1], statements.events) if passes else None


def take_loop(loop: Loop, findings: Findings) -> None:
    """Take the number of epochs, and what each epoch does with the gradients."""
    findings.understand([loop.backward.call.line], "the backward pass")
    _take_epochs(loop, findings)
    _take_zero_grad(loop, findings)
    _take_clip(loop, findings)
    _take_keep(loop, findings)
    steps = loop.optimizers
    if not steps:
        findings.refuse(loop.backward.call.line, "No optimizer.step() follows, which TinyNet has.")
    for each in steps:
        findings.understand([each.call.line], "the update")
    for each in (loop.backward, *steps, *loop.schedulers):
        if not each.is_sure:
            findings.refuse(each.call.line, "TinyNet does this every time, without a condition.")


def _take_epochs(loop: Loop, findings: Findings) -> None:
    loops = loop.backward.loops
    if not loops:
        findings.refuse(loop.backward.call.line, "This line is in no loop: it has no epochs.")
        return
    epochs = epochs_of(loops[0])
    if epochs is None:
        findings.refuse(loops[0].line, "The number of epochs is not a number in the script.")
        return
    findings.take("epochs", epochs, loops[0].lines)


def epochs_of(source: Value) -> int | None:
    """Return how often a loop repeats; None if that is unknown."""
    if not is_made(source, *COUNTED):
        return None
    items = Made("range", source.parts)
    if not all(isinstance(each, int) for each in items.parts):
        return None
    try:
        return len(range(*items.parts))
    except (OverflowError, TypeError, ValueError):
        return None


def _take_zero_grad(loop: Loop, findings: Findings) -> None:
    clearing = [each for each in loop.all(".zero_grad()") if each.loops]
    line = loop.backward.call.line
    findings.take("zero_gradients", bool(clearing), {each.call.line for each in clearing} or {line})
    for each in clearing:
        if each.loops != loop.backward.loops or not each.is_sure:
            findings.refuse(each.call.line, "TinyNet clears the gradients before each update.")


def _take_clip(loop: Loop, findings: Findings) -> None:
    for name in CLIP:
        for each in loop.all(name):
            given = dict(zip(("parameters", "max_norm"), each.call.parts, strict=False))
            findings.take(
                "clip", {**given, **dict(each.call.named)}.get("max_norm"), each.call.lines
            )


def _take_keep(loop: Loop, findings: Findings) -> None:
    """Take the best state as the end of the training, if the script restores weights."""
    for name in RESTORE:
        for each in loop.all(name):
            if each.call.line > loop.backward.call.line:
                findings.take("keep", "best", each.call.lines)
