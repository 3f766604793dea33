"""An atlas: a map too large to be waited for, computed tile by tile, on one machine or on many.

plan       settings, a map and a size -> the tiles, each a sweep of some seconds
store      the tiles that are done, in files
atlas      the tiles that are there, those still to come, and the whole
cluster    the tiles as tasks of a Ray cluster
picture    the whole -> a picture and its numbers, in files
arguments  the words of the command -> what is asked for
progress   how far it is, in words

`python -m tinynet.atlas --help` says how to ask for one.
"""

from __future__ import annotations

from tinynet.atlas.atlas import Atlas, computed, computed_here
from tinynet.atlas.plan import Plan, Tile
from tinynet.atlas.store import Store

__all__ = ["Atlas", "Plan", "Store", "Tile", "computed", "computed_here"]
