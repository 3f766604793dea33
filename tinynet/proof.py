"""Run a script of ours, exactly as it stands, and hold what it prints to a run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

import torch

from tinynet.loop import as_the_article_trains
from tinynet.run import Run

FEW = 5  # epochs that differ, named in the verdict


@dataclass(frozen=True)
class Proof:
    """What a script printed, and which of its lines are those of the run."""

    script: str
    printed: tuple[str, ...]
    epochs: int  # of the run
    differing: tuple[int, ...]  # epochs whose line is another, is missing or is one too many

    @property
    def verdict(self) -> str:
        """The result in a sentence."""
        same = self.epochs - sum(epoch < self.epochs for epoch in self.differing)
        sentence = f"{same:,} of {self.epochs:,} losses identical to the chart"
        if not self.differing:
            return f"{sentence}."
        some = ", ".join(f"{epoch:,}" for epoch in self.differing[:FEW])
        more = f" and {len(self.differing) - FEW:,} more" if len(self.differing) > FEW else ""
        return f"{sentence}; not so in epoch {some}{more}."


def prove(script: str, run: Run, rest: Callable[[int], object]) -> Proof:
    """Run a script that `to_script` has made, and compare what it prints with the run.

    After each line it calls `rest` with the number of lines so far, which may take its time or
    raise to stop the script. One at a time, please: while a script draws its random numbers, it
    has the process's random state to itself, and leaves it as it was.
    """
    printed: list[str] = []
    threads = torch.get_num_threads()
    with as_the_article_trains(), ExitStack() as random_state:
        random_state.enter_context(_random_state_kept())

        def print_line(*values: object) -> None:
            random_state.close()  # all is drawn before the first line
            printed.append(" ".join(map(str, values)))
            torch.set_num_threads(threads)  # while others work, the setting is as it was
            rest(len(printed))
            torch.set_num_threads(1)

        # Not a visitor's text: numbers and names that Settings has checked, in our template.
        exec(compile(script, "script", "exec"), {"__name__": "__main__", "print": print_line})  # noqa: S102
    return Proof(script, tuple(printed), len(run.losses), _differing(printed, run))


def _differing(printed: list[str], run: Run) -> tuple[int, ...]:
    expected = run.printed(0, len(run.losses))
    common = min(len(printed), len(expected))
    changed = [epoch for epoch in range(common) if printed[epoch] != expected[epoch]]
    return (*changed, *range(common, max(len(printed), len(expected))))


def _random_state_kept() -> AbstractContextManager[None]:
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if accelerator is None:
        return torch.random.fork_rng(devices=())
    devices = range(torch.accelerator.device_count())
    return torch.random.fork_rng(devices=devices, device_type=accelerator.type)
