"""The statements of a diagnosis as claims, each checked with PyTorch or by hand in NumPy.

`false_claims(run)` parses the whole text: each statement matches a pattern of these modules, which
has its own check. Text that matches no pattern also counts as false.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

# Each of these modules registers the patterns of its claims.
from tests.claims import answers, causes, losses, outcomes, steps  # noqa: F401
from tests.claims.truth import CLAIMS, Check, Truth
from tinynet import Run
from tinynet.analysis.diagnosis import Diagnosis, Kind, is_good


def claims(text: str) -> Iterator[tuple[Check | None, tuple[str, ...]]]:
    """Yield the check and the groups of each statement; None for text that no pattern matches."""
    place = 0
    while place < len(text):
        found = [(match, check) for one, check in CLAIMS if (match := one.match(text, place))]
        if not found:
            yield None, (text[place:],)
            return
        match, check = max(found, key=lambda each: each[0].end())
        yield check, match.groups()
        place = match.end()
        place += len(text[place:]) - len(text[place:].lstrip(" .;,"))


TOLD = {  # patterns that the text of each kind must contain
    Kind.DIVERGED: "not a finite number",
    Kind.CONSTANT_ANSWER: "It answers ",
    Kind.OVERFITTED: "by heart: ",
    Kind.LEARNED: "; the loss",
    Kind.ROSE: " rose from ",
    Kind.BOUNCED: " bounced, ",
    Kind.HARDLY_MOVED: " hardly moved: ",
    Kind.STILL_FALLING: " still falling",
    Kind.ENDED_HIGHER: " ended higher",
    Kind.LEVELLED_OFF: " levelled off: ",
    Kind.FELL: " in ",
}


def false_claims(run: Run, diagnosis: Diagnosis) -> list[str]:
    """Return the false or unknown statements of a diagnosis."""
    truth, false = Truth(run), []
    for part in (diagnosis.sentence, diagnosis.cause, diagnosis.moral):
        for check, told in claims(part):
            if not check or not check(truth, *told):
                false.append(f"{check.__name__ if check else 'unread'}: {part}")
    if TOLD[diagnosis.kind] not in diagnosis.sentence:
        false.append(f"kind {diagnosis.kind}: {diagnosis.sentence}")
    if is_good(run) != good(truth):
        false.append(f"is_good is {is_good(run)}")
    if diagnosis.cause and diagnosis.moral:
        false.append("a cause beside a moral")
    return false


def good(truth: Truth) -> bool:
    """Tell whether the run is good enough, computed by hand."""
    enough = 0.9 if truth.run.task == "regression" else 0.95
    which = "test" if len(truth.run.test_targets) >= 5 else "training"
    if truth.run.task == "regression" and not np.ptp(truth.run.test_targets[:, 0].tolist() or [0]):
        which = "training"
    if not np.isfinite([truth.run.losses[-1], truth.run.final_loss]).all():
        return False
    if truth.run.task == "regression" and not np.ptp(truth.run.targets) and which == "training":
        return False
    if truth.run.task != "regression":
        run = truth.run
        made, rows = run.predictions, run.targets
        if which == "test":
            made, rows = run.test_predictions, run.test_targets
        said = made.argmax(1) if made.shape[1] > 1 else made[:, 0] > 0.5
        if len({*said.tolist()}) == 1 < len({*rows[:, 0].tolist()}):
            return False
    return truth.score(which) >= enough
