"""The components' scripts, as files of this server: a page fetches each once, compressed.

Streamlit sends a script that is given as text with every message of its component again, 110 kB at
each move of a slider.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from streamlit import runtime
from streamlit.components import v1

LOADER = """
const words = Object.assign(document.createElement("p"), {{ textContent: "{missing}" }});
let script, loading;

/** Fetch the script, once; where that fails, the next call tries again. */
function load() {{
  loading ??= import(new URL("{address}", document.baseURI)).catch((error) => {{
    loading = undefined;
    throw error;
  }});
  return loading;
}}

export default function (component) {{
  if (script) return script.default(component);
  let isOver = false, leave;
  const begin = (loaded) => {{
    script = loaded;
    words.remove();
    if (!isOver) leave = script.default(component);
  }};
  load().then(begin).catch((error) => {{
    console.warn(error);
    component.parentElement.append(words);
  }});
  return () => {{
    isOver = true;
    leave?.();
  }};
}}
"""
MISSING = "This part of the page could not be loaded. Load the page again."
_files: dict[Path, str] = {}


def served(name: str, script: str) -> str:
    """Serve a script; return a short one that loads it, once for all calls of its component.

    Its name changes with every change of it, so that no browser keeps one of before. Where no file
    can be written, or nobody is served, the script itself is returned.
    """
    if not runtime.exists():
        return script
    file = f"{name}.{sha256(script.encode()).hexdigest()[:12]}.js"
    try:
        path = _folder() / file
        _write(path, script)
    except OSError:
        return script
    _files[path] = script
    return LOADER.format(address=address_of(path, "files"), missing=MISSING)


def address_of(path: Path, name: str) -> str:
    """Return where this server serves a file, seen from the page, its folder under that name.

    The folder is declared as a component of the first kind, whose files Streamlit serves; it is
    never drawn as one.
    """
    component = v1.declare_component(name, path=path.parent)
    return f"component/{component.name}/{path.name}"


def restore() -> None:
    """Write again what the system has cleaned away, as it does with files that lie unused."""
    for path, script in _files.items():
        if not path.exists():
            with suppress(OSError):  # a part of the page is missing then, and says so
                _write(path, script)


def _write(path: Path, script: str) -> None:
    path.parent.mkdir(exist_ok=True)
    begun = path.with_suffix(".part")
    begun.write_text(script, encoding="utf-8")
    begun.replace(path)  # at once: whoever asks meanwhile gets the whole script, and may keep it


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tinynet-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
