"""The name of a file: its own name for the script, and a harmless name for the page."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 40
_LONGEST_OWN = 200  # characters: file systems allow 255 bytes or more
_DEFAULT = "data.csv"


def own_name(text: str) -> str:
    """Return the name of a file without its folder."""
    name = re.split(r"[/\\]", text)[-1].replace("\0", "")
    name = name.encode(errors="ignore").decode()  # without half a character
    if not name.strip(" ."):
        return _DEFAULT
    return name if len(name) <= _LONGEST_OWN else name[:100] + name[-100:]


def harmless_name(own: str) -> str:
    """Return a short name with only letters, digits and " ._()-", for HTML and Markdown."""
    name = unicodedata.normalize("NFC", own)
    name = " ".join(re.sub(r"[^\w .()-]", " ", name).split())
    stem, _, ending = name.rpartition(".")
    stem, ending = (stem.strip(". -"), f".{ending}") if stem.strip(". -") else (name, "")
    return (
        f"{stem[: LONGEST_NAME - len(ending)].strip()}{ending}"[:LONGEST_NAME].strip() or _DEFAULT
    )
