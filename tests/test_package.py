"""The package: a wheel with all that the library and the page need."""

from __future__ import annotations

import subprocess
import sys
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest

import tinynet
from tests.forks import run_fresh
from tinynet import command

ROOT = Path(__file__).parents[1]
USE = """
import sys
sys.path.insert(0, {folder!r})
import tinynet
from importlib.metadata import entry_points, version
from pathlib import Path
from streamlit.testing.v1 import AppTest

here = Path(tinynet.__file__).parent
print(here)
print(version('tinynet') == tinynet.__version__)
(script,) = [each for each in entry_points(group='console_scripts') if each.name == 'tinynet']
print(script.load().__module__)
data = tinynet.table(here / 'user_data/examples/iris.csv', target='species')
run = tinynet.train(tinynet.Settings((4,), epochs=3, data=data))
print(tinynet.read_script(tinynet.to_script(run)).settings == run.settings)
from tinynet.command import PAGES
page = AppTest.from_file(str(PAGES[0]), default_timeout=300).run()
print([each.value for each in page.exception], page.title[0].value)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the content of the wheel, as pip installs it."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-build-isolation", "--no-deps", "--disable-pip-version-check"]
    wheel = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder)]
    subprocess.run([*wheel, str(ROOT)], check=True)
    (file,) = folder.glob("*.whl")
    with ZipFile(file) as content:
        content.extractall(folder)
    return folder


@pytest.mark.slow
def test_a_wheel_has_every_file_of_the_package_and_the_page(installed: Path) -> None:
    ours = [each.relative_to(ROOT) for each in (ROOT / "tinynet").rglob("*.*") if each.is_file()]
    lacking = [each for each in ours if not (installed / each).is_file()]
    page = installed / "tinynet/page"

    assert [each for each in lacking if each.suffix != ".pyc"] == []
    assert (installed / "tinynet/py.typed").is_file()
    assert (page / "app.py").read_bytes() == (ROOT / "app.py").read_bytes()
    config = ".streamlit/config.toml"
    assert (page / config).read_bytes() == (ROOT / config).read_bytes()


def test_a_wheel_needs_what_requirements_txt_lists(installed: Path) -> None:
    (file,) = installed.glob("*.dist-info/METADATA")
    metadata = message_from_string(file.read_text())
    needed = [each for each in metadata.get_all("Requires-Dist", []) if "extra" not in each]

    assert sorted(needed) == sorted((ROOT / "requirements.txt").read_text().split())
    assert metadata["Version"] == tinynet.__version__


@pytest.mark.slow
def test_an_installed_package_trains_reads_scripts_and_draws_the_page(installed: Path) -> None:
    assert run_fresh(USE.format(folder=str(installed))) == [
        str(installed / "tinynet"),
        "True",
        "tinynet.command",
        "True",
        "[] TinyNet",
    ]


def test_the_command_serves_the_page_with_streamlits_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[list[str]] = []

    def start(arguments: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        started.append(arguments)
        return subprocess.CompletedProcess(arguments, int(check))

    monkeypatch.setattr(subprocess, "run", start)
    monkeypatch.setattr(sys, "argv", ["tinynet", "--server.port", "8600"])

    assert command.main() == 0
    (arguments,) = started
    assert arguments[1:4] == ["-m", "streamlit", "run"]
    assert Path(arguments[4]) == ROOT / "app.py"
    assert arguments[5:] == ["--server.port", "8600"]
