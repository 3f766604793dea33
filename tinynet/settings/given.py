"""What is given as settings: settings, a run with its settings, or a mistake to explain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tinynet.settings.settings import Settings
from tinynet.user_data import UserData


def settings_of(given: Any) -> Settings:
    """Return settings, or the settings of a run; TypeError for anything else."""
    settings = getattr(given, "settings", given)
    if isinstance(settings, Settings):
        return settings
    raise TypeError(f"Settings are needed, not {_what(given)}.")


def _what(given: Any) -> str:
    """Name what was given, and the call that makes settings from it."""
    if given is Settings:
        return "their class: write Settings(), with parentheses"
    if isinstance(given, UserData):
        return f"a {type(given).__name__}: write Settings(data=…) around it"
    if isinstance(given, str | Path):
        return f"{str(given)[:40]!r}: to use a file, write Settings(data=table(file, target=…))"
    if hasattr(given, "shape"):
        name = type(given).__name__
        return f"a {name}: to use a frame, write Settings(data=table(frame, target=…))"
    if isinstance(given, dict):
        return "a dict: write Settings(**…) around it"
    return f"a value of type {type(given).__name__}"
