"""The page's hints, followed: draws settings, trains, does what the hint says, and trains again.

    python -m tests.benchmarks.hints [count]

First of the article's network, then of any. The same count draws the same settings each time. By
itself, it takes some twenty minutes.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from torch import nn

from tests.combinations import draw_one, updates
from tinynet import Run, Settings, train
from tinynet.diagnosis import Diagnosis, Kind, diagnose
from tinynet.loop import Loop
from tinynet.settings import EPOCHS, HIDDEN_UNITS, KNOBS, LEARNING_RATE, SEED

DRAWN = (
    "hidden units 1 to 64, small widths more often (evenly on a log scale); every stop of the "
    "learning rate and of the epochs up to 10,000, and any seed, evenly; zero_grad() kept or "
    "forgotten, half and half"
)


def draw(
    count: int, most_epochs: int = EPOCHS.maximum, least_rate: float = LEARNING_RATE.minimum
) -> Iterator[Settings]:
    """Draw settings that a visitor can set, the same each time."""
    rng = np.random.default_rng(2_024)
    epochs = [stop for stop in EPOCHS.stops if stop <= most_epochs]
    rates = [stop for stop in LEARNING_RATE.stops if stop >= least_rate]
    for _ in range(count):
        width = int(np.exp(rng.uniform(0, np.log(HIDDEN_UNITS.maximum + 1))))
        yield Settings(
            hidden_units=(width,),
            learning_rate=float(rng.choice(rates)),
            epochs=int(rng.choice(epochs)),
            seed=int(rng.integers(SEED.maximum + 1)),
            zero_gradients=bool(rng.integers(2)),
        )


def draw_any(count: int, most_updates: int = 5_000) -> Iterator[Settings]:
    """Draw settings from the whole space, the same each time."""
    dice = random.Random(5)  # noqa: S311 - a repeatable draw
    epochs = [stop for stop in EPOCHS.stops if stop <= 500]
    found = 0
    while found < count:
        settings = replace(
            draw_one(dice),
            epochs=dice.choice(epochs),
            learning_rate=dice.choice(LEARNING_RATE.stops),
        )
        if updates(settings) <= most_updates:
            found += 1
            yield settings


@dataclass(frozen=True)
class Followed:
    """A run, its diagnosis, and the run that the hint leads to, if it leads to one."""

    run: Run
    diagnosis: Diagnosis
    next_run: Run | None

    @property
    def lower(self) -> bool:
        """Whether the hint led to a lower loss; any number is lower than none."""
        assert self.next_run
        return self.next_run.final_loss < self.run.final_loss or self.run.broke

    @property
    def does_what_it_says(self) -> bool:
        """Whether the loss is lower, or what else the hint is about is better."""
        assert self.next_run
        if self.diagnosis.kind is Kind.OVERFITTED:
            before, after = self.run.final_test_loss, self.next_run.final_test_loss
            return before is not None and after is not None and after < before
        if self.diagnosis.kind is Kind.ALIKE:
            return diagnose(self.next_run).kind is not Kind.ALIKE
        return self.lower

    @property
    def more_right(self) -> bool:
        """Whether the hint led to more rows right, or to a higher R²."""
        assert self.next_run
        if self.run.r_squared is None or self.next_run.r_squared is None:
            return bool(self.next_run.right.sum() > self.run.right.sum())
        return self.next_run.r_squared > self.run.r_squared

    @property
    def name(self) -> tuple[str, str, str]:
        """The story, whether zero_grad() was kept, and the knobs that the hint turns."""
        settings, then = self.run.settings, self.diagnosis.next_settings
        kept = "kept" if settings.zero_gradients else "forgotten"
        knobs = [
            knob.label.lower()
            for knob in KNOBS
            if then and getattr(settings, knob.name) != getattr(then, knob.name)
        ]
        return self.diagnosis.kind, kept, " and ".join(knobs) or "a reason, no promise"


def follow(settings: Settings) -> Followed:
    """Train the settings, and what the hint then says."""
    run = train(settings)
    diagnosis = diagnose(run)
    then = diagnosis.next_settings
    return Followed(run, diagnosis, train(then) if then else None)


def losses_after(run: Run, times: float) -> float:
    """Return the loss that the run would have ended with, had it gone on so many times as long."""
    longer = replace(run.settings)
    object.__setattr__(longer, "epochs", round(times * run.settings.epochs))  # beyond the slider
    return train(longer).final_loss


def fell_on(run: Run) -> bool:
    """Whether it is lower a tenth of its epochs later."""
    return losses_after(run, 1.1 if len(run.losses) > 5 else 2) < run.final_loss


def stayed(run: Run) -> bool:
    """Whether it stays within 5 % of where it is for half as many epochs again."""
    return abs(losses_after(run, 1.5) / run.final_loss - 1) < 0.05


def no_gradient(run: Run, *, of_first_layer_only: bool) -> bool:
    """Whether PyTorch's autograd finds a gradient of 0 in the run's last state."""
    loop = Loop(run.settings)
    loop.restore(run.checkpoints, -1)
    for parameter in loop.parameters:
        parameter.grad = None
    nn.functional.mse_loss(loop.network(loop.batch.inputs), loop.batch.targets).backward()  # type: ignore[no-untyped-call]
    gradients = loop.gradients[:2] if of_first_layer_only else loop.gradients
    return not any(each.any() for each in gradients)


CHECKS: dict[Kind, tuple[str, Callable[[Run], bool]]] = {
    Kind.DEAD: ("no gradient in the hidden layer", partial(no_gradient, of_first_layer_only=True)),
    Kind.SATURATED: ("no gradient at all", partial(no_gradient, of_first_layer_only=False)),
    Kind.STILL_FALLING: ("lower a tenth of its epochs later", fell_on),
    Kind.LEVELLED_OFF: ("within 5 % after half as many epochs again", stayed),
}


def print_hints(followed: list[Followed]) -> None:
    """Print, story by story and hint by hint, how often following it helped."""
    kinds = defaultdict(list)
    for each in followed:
        kinds[each.name].append(each)
    print("\n| story | zero_grad() | the hint turns | runs | does what it says | more rows right |")
    print("|---|---|---|---|---|---|")
    for name in sorted(kinds):
        those = kinds[name]
        row = [*name, f"{len(those):,}", "", ""]
        if those[0].next_run:
            row[4] = share([each.does_what_it_says for each in those])
            row[5] = share([each.more_right for each in those])
        print("| " + " | ".join(row) + " |")


def print_stories(followed: list[Followed]) -> None:
    """Print each story's share, and how often what it says holds when the run is trained on."""
    print("\n| story | share of all | what its sentence says | holds |\n|---|---|---|---|")
    for kind in Kind:
        runs = [each.run for each in followed if each.diagnosis.kind is kind]
        words, check = CHECKS.get(kind, ("", None))
        holds = share([check(run) for run in runs]) if check and runs else ""
        print(f"| {kind} | {len(runs) / len(followed):.1%} | {words} | {holds} |")


def share(them: list[bool]) -> str:
    """Return how many of them, as a share: "97 % of 64"."""
    return f"{100 * np.mean(them):.0f} % of {len(them):,}"


def main(count: int = 1_200) -> None:
    """Draw, train, follow, and print both tables."""
    followed = [follow(settings) for settings in draw(count)]
    print(f"Drawn: {count:,} settings: {DRAWN}.")
    print_hints(followed)
    print_stories(followed)
    anywhere = [follow(settings) for settings in draw_any(count)]
    print(f"\nDrawn from all knobs: {count:,} settings.")
    print_hints(anywhere)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
