"""The endings: which of its states a training ends with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ending:
    """The state that a training ends with."""

    label: str
    # The script's lines: before the loop, after an epoch's test loss, and after the loop.
    before: str = ""
    in_epoch: str = ""
    after: str = ""


ENDINGS = {
    "last": Ending("last state"),
    "best": Ending(
        "best state",
        "lowest = float('inf')",
        """\
if test_loss < lowest:
    lowest, kept = test_loss, [p.detach().clone() for p in model.parameters()]""",
        """\
with torch.no_grad():
    if not criterion(model(x_test), y_test) < lowest:
        for p, best in zip(model.parameters(), kept):
            p.copy_(best)""",
    ),
}
