"""Atlas: very large maps, computed tile by tile, on one machine or many.

plan       settings, map and size -> tiles, each a sweep of a few seconds
store      the finished tiles, as files
atlas      the finished and the missing tiles, and the whole map
cluster    the tiles as tasks on a Ray cluster
picture    the whole map -> a picture and its numbers, as files
arguments  command line -> the map to render
progress   the progress as text

For the command line, see `python -m tinynet.atlas --help`.
"""

from __future__ import annotations

from tinynet.atlas.atlas import Atlas, compute_here, compute_tile
from tinynet.atlas.plan import AtlasPlan, Tile
from tinynet.atlas.store import TileStore

__all__ = ["Atlas", "AtlasPlan", "Tile", "TileStore", "compute_here", "compute_tile"]
