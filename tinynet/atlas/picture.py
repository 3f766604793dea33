"""The whole map -> a picture in the colours of the page, and its numbers, as files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor
from PIL.PngImagePlugin import PngInfo

from tinynet.atlas.plan import AtlasPlan
from tinynet.atlas.store import KINDS, write_whole
from tinynet.charts.colour_scale import OF_DIVERGED, ColourScale
from tinynet.charts.colours import GREY
from tinynet.links.address import spelled_out
from tinynet.links.maps import MEASURES, Axis
from tinynet.sweeping.grid import Sweep

OF_UNKNOWN = GREY  # cells without a number, such as a test loss without test rows
AT_ONCE = 256  # rows; all at once would take gigabytes

Bytes = npt.NDArray[np.uint8]


def write_picture(path: Path, plan: AtlasPlan, sweep: Sweep) -> None:
    """Write the map as PNG, with the first value of each axis at the lower left."""
    note = PngInfo()
    note.add_text("Software", "TinyNet")
    note.add_text("Description", f"{sweep.settings!r}: {address_of(plan)}")
    image = Image.fromarray(pixels(plan, sweep))
    write_whole(path, lambda file: image.save(file, "PNG", pnginfo=note))


def write_numbers(path: Path, plan: AtlasPlan, sweep: Sweep) -> None:
    """Write all results of each cell as .npz, with the first value of each axis first."""
    named = {
        **{name: getattr(sweep, name) for name in KINDS},
        "x": np.array(plan.x),
        "y": np.array(plan.y),
        "x_name": np.array(plan.view.x.name),
        "y_name": np.array(plan.view.y.name),
        "settings": np.array(repr(plan.settings)),
        "address": np.array(address_of(plan)),
    }
    write_whole(path, lambda file: np.savez_compressed(file, **named))


def address_of(plan: AtlasPlan) -> str:
    """Return the query that shows this map on the page."""
    return "?" + urlencode({**spelled_out(plan.settings), "map": plan.view.text()}, safe=":,*()~")


def pixels(plan: AtlasPlan, sweep: Sweep) -> Bytes:
    """Return the picture, (height, width, 3), from the top row."""
    measure = MEASURES[plan.view.measure]
    values: npt.NDArray[np.float32] = getattr(sweep, measure.field)
    scale = ColourScale.of(values, measure)
    rows = cells_of_pixels(plan.view.y, plan.y, plan.height)[::-1]
    columns = cells_of_pixels(plan.view.x, plan.x, plan.width)
    picture = np.empty((plan.height, plan.width, 3), np.uint8)
    for start in range(0, plan.height, AT_ONCE):
        some = np.ix_(rows[start : start + AT_ONCE], columns)
        picture[start : start + AT_ONCE] = coloured(values[some], sweep.diverged[some], scale)
    return picture


def coloured(
    values: npt.NDArray[np.float32], diverged: npt.NDArray[np.bool_], scale: ColourScale
) -> Bytes:
    """Return the colour of each cell, interpolated between two stops like plotly does."""
    positions = scale.positions(values)
    stops = [position for position, _ in scale.stops]
    channels = np.array([ImageColor.getrgb(colour) for _, colour in scale.stops]).T
    mixed = np.stack([np.interp(positions, stops, channel) for channel in channels], -1)
    mixed[np.isnan(positions)] = ImageColor.getrgb(OF_UNKNOWN)
    mixed[diverged] = ImageColor.getrgb(OF_DIVERGED)
    colours: Bytes = np.rint(mixed).astype(np.uint8)
    return colours


def cells_of_pixels(axis: Axis, values: tuple[float, ...], size: int) -> npt.NDArray[np.int64]:
    """Return the nearest cell for each pixel along an axis.

    An axis of whole numbers can have fewer cells than pixels; if the axis is logarithmic, the cells
    differ in width.
    """
    if len(values) == size:
        return np.arange(size)
    low, high = _heights(axis, np.array(axis.ends, np.float64))
    middles = low + (np.arange(size) + 0.5) / size * (high - low)
    heights = _heights(axis, np.array(values, np.float64))
    borders = (heights[1:] + heights[:-1]) / 2
    return np.array(np.searchsorted(borders, middles), np.int64)


def _heights(axis: Axis, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    heights: npt.NDArray[np.float64] = np.log(values) if axis.is_logarithmic else values
    return heights
