"""The loss of a script -> the criterion, what it compares, and a penalty."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet.reading.findings import Findings
from tinynet.reading.known import loss_of, made_from
from tinynet.reading.network import has_layers
from tinynet.reading.values import Made, Value, everything_in, is_made

# Usual ways to write the L1 norm of all weights.
L1_NORMS = (
    "sum(p.abs().sum() for p in model.parameters())",
    "sum(torch.abs(p).sum() for p in model.parameters())",
    "sum(torch.sum(torch.abs(p)) for p in model.parameters())",
    "sum(torch.norm(p, 1) for p in model.parameters())",
    "sum(torch.norm(p, p=1) for p in model.parameters())",
    "sum(p.norm(1) for p in model.parameters())",
    "sum(p.norm(p=1) for p in model.parameters())",
)
# Losses that are written out as formulas, with their names.
FORMULAS = {
    "((y_pred - y) ** 2).mean()": "mse",
    "torch.mean((y_pred - y) ** 2)": "mse",
    "(y_pred - y).pow(2).mean()": "mse",
    "torch.mean((y_pred - y).pow(2))": "mse",
    "(y_pred - y).abs().mean()": "l1",
    "torch.mean(torch.abs(y_pred - y))": "l1",
    "torch.abs(y_pred - y).mean()": "l1",
}


@dataclass(frozen=True)
class Compared:
    """What a loss compares, and its name; "" if TinyNet has no such loss."""

    loss: str
    y_pred: Value
    y: Value
    made: Made


def compared_in(value: Value, findings: Findings) -> Compared | None:
    """Return the predictions and targets in a loss; take an L1 penalty, if one is added."""
    value = _without_penalty(value, findings)
    if not is_made(value):
        return None
    for code, name in FORMULAS.items():
        for difference in (each for each in everything_in(value) if each.name == "-"):
            one, other = difference.parts
            if made_from(code, y_pred=one, y=other) == value:
                return Compared(name, *_in_order(one, other), value)
    is_module = value.name == "()"
    criterion, pair = (value.parts[0], value.parts[1:]) if is_module else (value, value.parts)
    if len(pair) < 2 or not is_made(criterion):  # noqa: PLR2004 - predictions and targets
        return None
    if not is_module and not any(has_layers(each) for each in pair):
        return None
    found = loss_of(criterion)
    if found and found.differing:
        findings.refuse(criterion.line, f"TinyNet has this loss {found.difference}.")
    name = found.name if found else _of_log_softmax(criterion)
    return Compared(name, *_in_order(*pair[:2]), criterion)


def _in_order(one: Value, other: Value) -> tuple[Value, Value]:
    """Return the predictions, then the targets."""
    return (other, one) if has_layers(other) and not has_layers(one) else (one, other)


def _of_log_softmax(criterion: Made) -> str:
    """Return "cross_entropy" for a criterion that expects a log-softmax; otherwise ""."""
    nll = {"torch.nn.NLLLoss", "torch.nn.functional.nll_loss"}
    return "cross_entropy" if criterion.name in nll else ""


def _without_penalty(value: Value, findings: Findings) -> Value:
    """Take an L1 penalty; return the loss without it."""
    if not is_made(value, "+"):
        return value
    for loss, penalty in (value.parts, value.parts[::-1]):
        if is_made(penalty, "*"):
            for factor, norm in (penalty.parts, penalty.parts[::-1]):
                if not is_made(factor) and _is_l1_norm(norm):
                    findings.take("l1", factor, penalty.lines)
                    return loss
    findings.refuse(value.line, "TinyNet adds an L1 penalty to the loss, and nothing else.")
    return next((each for each in value.children if has_layers(each)), value)


def _is_l1_norm(norm: Value) -> bool:
    owners = [each.parts[0] for each in everything_in(norm) if each.name == ".parameters()"]
    return any(norm == made_from(code, model=each) for each in owners for code in L1_NORMS)
