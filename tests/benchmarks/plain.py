"""The plain page to compare with: the article as thirty naive lines of Streamlit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import Server, served


@contextmanager
def plain_page() -> Iterator[Server]:
    """Serve it with Streamlit's defaults, from a folder without our configuration."""
    script = Path(__file__).with_name("plain_page.py")
    with tempfile.TemporaryDirectory() as elsewhere, served(script, cwd=Path(elsewhere)) as server:
        yield server
