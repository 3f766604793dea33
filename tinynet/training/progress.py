"""A progress bar for a training at a prompt or in a notebook, drawn by tqdm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def progress_bar(epochs: int, start: int, *, shown: bool) -> Iterator[Callable[[int, float], None]]:
    """Yield a function that moves the bar to an epoch and its loss, or does nothing if not shown.

    ImportError, with the command to install it, without tqdm.
    """
    if not shown:
        yield lambda _, __: None
        return
    try:
        tqdm = import_module("tqdm.auto").tqdm
    except ImportError:
        raise ImportError("progress=True needs tqdm: pip install tqdm.") from None
    with tqdm(total=epochs, initial=start, unit=" epochs") as bar:

        def move(epoch: int, loss: float) -> None:
            bar.set_postfix(loss=f"{loss:.4g}", refresh=False)
            bar.update(epoch - bar.n)

        yield move
