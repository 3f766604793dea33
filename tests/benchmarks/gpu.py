"""On a machine with a GPU: compare losses and speed with the article's loop.

    python -m tests.benchmarks.gpu [cuda]

Needs only torch and numpy. If an epoch makes the processor wait for the GPU, PyTorch raises an
error.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

import torch

from tests.oracle import article_loop
from tinynet import Settings, available_devices, train
from tinynet.training.train import Training

GRID = [
    Settings((width,), rate, 200, "cuda", seed)
    for width in (1, 5, 17, 64)
    for rate in (0.01, 1.0)
    for seed in (0, 7)
]


def refuse_to_wait() -> None:
    """Make every synchronisation within an epoch raise an error."""
    train_one_epoch = Training._train_one_epoch

    def watched(training: Training) -> None:
        torch.cuda.set_sync_debug_mode("error")
        train_one_epoch(training)
        torch.cuda.set_sync_debug_mode("default")

    setattr(Training, "_train_one_epoch", watched)  # noqa: B010 - as pytest's monkeypatch does


def oracle(settings: Settings) -> list[float]:
    """Return the losses of the article's loop on the device."""
    knobs = (list(settings.hidden_units), settings.learning_rate, settings.epochs, settings.seed)
    losses: list[float] = article_loop(*knobs, device=settings.device)["losses"]
    return losses


def main(device: str = "cuda") -> None:
    """Compare the losses, then time 1,000 epochs of both loops in turn."""
    print(*available_devices(), sep="\n")
    equal = [train(settings).losses.tolist() == oracle(settings) for settings in GRID]
    print(f"{sum(equal)} of {len(equal)} runs equal the article's loop on {device}, bit for bit")
    times: dict[str, list[float]] = {"train": [], "the loop": []}
    settings = Settings(epochs=1_000, device=device)
    for _ in range(5):
        for name, run in (("train", train), ("the loop", oracle)):
            start = perf_counter()
            run(settings)
            times[name].append(perf_counter() - start)
    for name, each in times.items():
        print(
            f"{name:8} {min(each):.3f} to {max(each):.3f} s, median {statistics.median(each):.3f}"
        )
    refuse_to_wait()
    print(f"no epoch waits for the device: {len(train(settings).losses)} epochs without one")


if __name__ == "__main__":
    main(*sys.argv[1:])
