"""A printout: short texts whole, long ones cut in the middle, with a full download."""

from __future__ import annotations

from typing import Any

import pytest

from tinynet.ui.tabs import printout
from tinynet.ui.tabs.printout import draw_printout

PRINTED = [f"line {number}" for number in range(5_000)]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The displayed text, and the data of the button below it."""
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(printout, "draw_plain_text", lambda text: drawn.update(text=text))
    streamlit = vars(printout)["st"]
    monkeypatch.setattr(streamlit, "download_button", lambda *given, **_: drawn.update(file=given))
    return drawn


def test_a_long_one_can_be_downloaded_with_every_line(drawn: dict[str, Any]) -> None:
    draw_printout(lambda start, stop: PRINTED[start:stop], 5_000)
    label, make, name = drawn["file"]

    assert label == "All 5,000 lines"
    assert make().splitlines() == PRINTED
    assert name == "printed.txt"


@pytest.mark.parametrize("count", [1, 1_000])
def test_a_short_one_is_whole_and_needs_no_download(drawn: dict[str, Any], count: int) -> None:
    draw_printout(lambda start, stop: PRINTED[start:stop], count)

    assert drawn == {"text": "\n".join(PRINTED[:count])}
