"""The components' scripts, as files of this server: the browser fetches each once, compressed.

Streamlit sends a script that is given as text with every message of its component again, 110 kB at
each move of a slider.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

from streamlit.components import v1

LOADER = """
const loading = import(new URL("{address}", document.baseURI));
let script;
loading.then((loaded) => {{ script = loaded; }}, () => {{}}); // each call tells of a failure itself

export default function (component) {{
  if (script) return script.default(component);
  let isOver = false, leave;
  const begin = (loaded) => {{ leave = isOver ? undefined : loaded.default(component); }};
  const words = Object.assign(document.createElement("p"), {{ textContent: "{missing}" }});
  const tell = () => component.parentElement.replaceChildren(words);
  loading.then(begin, tell);
  return () => {{
    isOver = true;
    leave?.();
  }};
}}
"""
MISSING = "This part of the page could not be loaded. Load the page again."


def served(name: str, script: str) -> str:
    """Serve a script; return a short one that loads it, once for all calls of its component.

    Its name changes with every change of it, so that no browser keeps one of before.
    """
    file = f"{name}.{sha256(script.encode()).hexdigest()[:12]}.js"
    (_folder() / file).write_text(script, encoding="utf-8")
    # A component of the first kind, whose files Streamlit serves; it is never drawn as one.
    component = v1.declare_component("files", path=_folder())
    return LOADER.format(address=f"component/{component.name}/{file}", missing=MISSING)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tinynet-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
