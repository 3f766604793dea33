"""The command `tinynet`: opens the page, as `streamlit run app.py` does in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGES = (HERE / "page/app.py", HERE.parent / "app.py")  # in a wheel, in the repository


def main() -> int:
    """Serve the page, with the command's arguments for Streamlit; return its exit status."""
    page = next(each for each in PAGES if each.exists())
    command = [sys.executable, "-m", "streamlit", "run", str(page), *sys.argv[1:]]
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603 - our own page
    except KeyboardInterrupt:
        return 0
