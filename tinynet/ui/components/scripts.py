"""The components' scripts, as modules of this server: a page fetches each once, compressed.

Streamlit would send a script given as text again with every message of its component.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from streamlit import runtime
from streamlit.components import v1

from tinynet.stage.assets import SCRIPTS, modules_of

LOADER = """
const files = {files};
const more = {more};
const words = Object.assign(document.createElement("p"), {{ textContent: "{missing}" }});
let script, loading;

/** Load all modules side by side, once; where one fails, the next call tries again. */
function load() {{
  const one = (file) => import(new URL(`{folder}/${{file}}`, document.baseURI));
  loading ??= Promise.all(files.map(one)).catch((error) => {{
    loading = undefined;
    throw error;
  }});
  return loading;
}}

export default function (component) {{
  if (script) return script.default(component, more);
  let isOver = false, leave;
  const begin = ([loaded]) => {{
    script = loaded;
    words.remove();
    if (!isOver) leave = script.default(component, more);
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
NOTHING = "export default () => {\n};\n"  # without a server
MISSING = "This part of the page could not be loaded. Load the page again."


def served(entry: str, more: str = "undefined") -> str:
    """Return a short script that loads an entry module and passes `more`, our JavaScript, to it."""
    if not runtime.exists():
        return NOTHING
    folder = address_of(SCRIPTS, f"scripts-{_fingerprint()}")
    files = json.dumps(modules_of(entry))
    return LOADER.format(files=files, more=more, folder=folder, missing=MISSING)


def address_of(folder: Path, name: str) -> str:
    """Return the address of a folder on this server, relative to the page; it contains the name.

    The folder is declared as a component of Streamlit's version 1, so that Streamlit serves its
    files; the component is never drawn.
    """
    return f"component/{v1.declare_component(name, path=folder).name}"


@cache
def _fingerprint() -> str:
    """Return a hash of all scripts, so that no browser mixes old and new scripts."""
    scripts = sorted(SCRIPTS.rglob("*.js"))
    return sha256(b"".join(path.read_bytes() for path in scripts)).hexdigest()[:12]
