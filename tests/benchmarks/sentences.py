"""Check the page's sentences about runs with random settings.

    python -m tests.benchmarks.sentences [count]

`tests/claims` parses the sentences and checks them on the runs. For every third run, the script
also counts how often the expectation that a sentence raises comes true. The same count draws the
same settings each time.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import torch

from tests.claims import claims, false_claims
from tests.combinations import draw_one, updates
from tinynet import Run, Settings, SettingsError, table, train
from tinynet.analysis.diagnosis import Diagnosis, Kind, diagnose
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.settings import EPOCHS, LEARNING_RATE
from tinynet.user_data import Painting, UserData

MOST_EPOCHS = 500
HIDDEN = ((), (1,), (2,), (5,), (8,), (16,), (8, 8), (16, 16), (8, 8, 8), (4,) * 5)
A_FEW: dict[str, tuple[Any, ...]] = {  # knobs that a visitor might change besides the article's own
    "activation": ("tanh", "tanh", "sigmoid", "linear", "gelu"),
    "optimizer": ("adam", "adam", "momentum", "rmsprop", "adamw"),
    "test_share": (0.2, 0.5),
    "rows": (20, 50, 500),
    "noise": (0.0, 0.3, 0.7),
    "batch_size": (5, 20, 50),
    "schedule": ("step", "exponential", "cosine"),
    "l2": (0.001, 0.01, 0.1),
    "l1": (0.001, 0.01),
    "loss": ("bce", "balanced_bce", "huber", "l1"),
    "clip": (0.1, 1.0),
    "initialisation": ("zeros", "xavier", "kaiming"),
    "zero_gradients": (False,),
    "features": (("x1", "x2", "x1^2", "x2^2"), ("x1", "x2", "sin(x1)", "sin(x2)")),
}


def draw(count: int, most_updates: int = 1_000, seed: int = 7) -> Iterator[Settings]:
    """Draw settings: every second from the whole space, the others like a visitor's."""
    generator = random.Random(seed)  # noqa: S311 - a repeatable draw
    for number in range(count):
        while True:
            settings = _anywhere(generator) if number % 2 else _near(generator)
            if updates(settings) <= most_updates:
                break
        yield settings


def _anywhere(generator: random.Random) -> Settings:
    settings = draw_one(generator)
    epochs = generator.choice([stop for stop in EPOCHS.stops if stop <= MOST_EPOCHS])
    settings = replace(settings, epochs=epochs, learning_rate=generator.choice(LEARNING_RATE.stops))
    if generator.random() < 0.75:
        return settings
    return replace(settings, data=_own(generator), loss="mse")


def _near(generator: random.Random) -> Settings:
    knobs = generator.sample(list(A_FEW), generator.choice((0, 1, 1, 2, 2, 3, 4)))
    while True:
        values = {name: generator.choice(A_FEW[name]) for name in knobs}
        try:
            return Settings(
                hidden_units=generator.choice(HIDDEN),
                learning_rate=generator.choice(LEARNING_RATE.stops[4:14]),
                epochs=generator.choice((20, 50, 100, 200, 200, 500)),
                seed=generator.randrange(1_000),
                data=generator.choice(list(DATA_SETS))
                if generator.random() < 0.8
                else _own(generator),
                **values,
            )
        except SettingsError:
            continue


def _own(generator: random.Random) -> UserData:
    if generator.random() < 0.3:
        return _table(generator.choice(("iris", "penguins")), generator.choice((0, 1)))
    numbers, classes = generator.random() < 0.3, generator.choice((1, 2, 2, 3))
    points = [
        (
            generator.randrange(256),
            generator.randrange(256),
            generator.randrange(256 if numbers else classes),
        )
        for _ in range(generator.choice((1, 2, 4, 9, 12, 30, 80)))
    ]
    return Painting(tuple(points), numbers=numbers)


@cache
def _table(name: str, which: int) -> UserData:
    targets = {"iris": ("species", "petal width (cm)"), "penguins": ("species", "sex")}[name]
    return table(f"tinynet/user_data/examples/{name}.csv", target=targets[which])


def trained_on(run: Run, **others: Any) -> float:
    """Return the final loss of the same run with other settings."""
    changed = replace(run.settings)
    for name, value in others.items():  # also beyond the range of the sliders
        object.__setattr__(changed, name, value)
    return train(changed).final_loss


def stayed(run: Run) -> bool:
    """Tell whether the loss stays within 2 % of its value for as many epochs again."""
    longer = trained_on(run, epochs=2 * run.settings.epochs)
    return abs(longer - run.final_loss) <= 0.02 * run.final_loss


def fell_on(run: Run) -> bool:
    """Tell whether the loss is lower after a tenth more epochs, at least one."""
    epochs = max(run.settings.epochs + 1, round(1.1 * run.settings.epochs))
    return trained_on(run, epochs=epochs) < run.final_loss


def faster(run: Run) -> bool:
    """Tell whether the final loss is lower at three times the rate."""
    return trained_on(run, learning_rate=3 * run.settings.learning_rate) < run.final_loss


def without_schedule(run: Run) -> bool:
    """Tell whether the final loss is lower at a constant rate."""
    return trained_on(run, schedule="constant") < run.final_loss


def without_penalty(run: Run) -> bool:
    """Tell whether the final loss is lower without a penalty."""
    nothing = OPTIMIZERS[run.settings.optimizer].weight_decay
    return trained_on(run, l1=0.0, l2=nothing) < run.final_loss


EXPECTED: dict[str, tuple[str, Callable[[Run], bool]]] = {
    " levelled off: ": ("within 2 % after as many epochs again", stayed),
    " still falling": ("lower a tenth of the epochs later", fell_on),
    "The steps were small": ("lower at three times the rate", faster),
    "The learning rate ran out": ("lower at a constant rate", without_schedule),
    "The weight penalty": ("lower without it", without_penalty),
}


def words_of(diagnosis: Diagnosis) -> str:
    """Return all sentences about a run."""
    return f"{diagnosis.sentence} {diagnosis.cause} {diagnosis.moral}"


def expected_of(run: Run, words: str) -> Iterator[tuple[str, bool]]:
    """Yield each expectation, and whether it came true."""
    for said, (expectation, came) in EXPECTED.items():
        of_epochs = came in (stayed, fell_on)
        if said in words and not (of_epochs and run.settings.schedule != "constant"):
            yield f"{said.strip(' :')} | {expectation}", came(run)


def main(count: int = 3_000) -> None:
    """Draw settings, train, parse the sentences, and print how many are false."""
    torch.set_num_threads(1)
    kinds: dict[Kind, list[int]] = defaultdict(list)
    causes: Counter[str] = Counter()
    came: dict[str, list[bool]] = defaultdict(list)
    silent = 0
    for number, settings in enumerate(draw(count), 1):
        run = train(settings)
        diagnosis = diagnose(run)
        false = false_claims(run, diagnosis)
        kinds[diagnosis.kind].append(len(false))
        for each in false:
            print(f"{settings!r}\n    {each}", flush=True)
        for check, _ in claims(diagnosis.cause):
            causes[check.__name__.replace("_", " ") if check else "unread"] += 1
        silent += not diagnosis.cause and not diagnosis.moral
        if number % 3 == 0:  # only every third run, to save time
            for name, has_come in expected_of(run, words_of(diagnosis)):
                came[name].append(has_come)
        if number % 100 == 0:
            print(f"{number} of {count}", file=sys.stderr, flush=True)
    print("\n| what happened | runs | false statements |\n|---|---|---|")
    for kind in Kind:
        print(f"| {kind} | {len(kinds[kind]):,} | {sum(kinds[kind])} |")
    print(f"| all | {count:,} | {sum(map(sum, kinds.values()))} |")
    print("\n| why | runs |\n|---|---|")
    for name, runs in causes.most_common():
        print(f"| {name} | {runs:,} |")
    print(f"| no fact tells, and it is not good | {silent:,} |")
    print("\n| what is said | what one then expects | it came |\n|---|---|---|")
    for name, times in came.items():
        print(f"| {name} | {100 * np.mean(times):.0f} % of {len(times):,} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
