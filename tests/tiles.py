"""Shared helpers for the tests of large maps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tinynet import Settings
from tinynet.atlas import AtlasPlan, Tile, compute_here
from tinynet.atlas.atlas import Compute
from tinynet.atlas.store import Arrays
from tinynet.links.maps import read_map

PLANE = Settings(data="plane", rows=20, epochs=5, test_share=0.5)
PLAN = AtlasPlan(PLANE, read_map("lr~0.01~10~l2~0~0.5~loss"), 70, 40)


def stopping_after(most: int) -> Compute:
    """Return a function to compute tiles that is interrupted with Ctrl-C."""

    def compute(plan: AtlasPlan, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Arrays]]:
        yield from compute_here(plan, islice(tiles, most))
        raise KeyboardInterrupt

    return compute
