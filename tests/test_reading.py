"""Reading: a script of PyTorch as settings, by its syntax alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beginners import SCRIPTS, Beginner
from tests.combinations import drawn
from tests.exports import ARTICLE, FORMS, OTHERS
from tests.forks import run_fresh
from tinynet import Settings, Table, read_script, table, to_script, train
from tinynet.reading import Script
from tinynet.registry.activations import ACTIVATIONS, Activation
from tinynet.user_data import Painting

IMPORTS = "import torch\nimport torch.nn as nn\n"
POINTS = tuple((7 * each, 250 - 5 * each, each % 3) for each in range(30))
PAINTED = [
    Settings((4,), data=Painting(POINTS), test_share=0.2, seed=7, weight_seed=8),
    Settings((4,), data=Painting(tuple((x, y, c % 2) for x, y, c in POINTS)), loss="bce"),
    Settings((4,), data=Painting(POINTS, numbers=True), loss="huber", seed=7),
]
# Prints the loss at each backward pass, in a script that prints something else, or nothing.
SPY = """
import torch
torch.set_num_threads(1)
torch.manual_seed(0)
print = (lambda real: lambda *_, loss=None: loss is None or real(loss))(print)
def spy(self, backward=torch.Tensor.backward):
    print(loss=self.item())
    backward(self)
torch.Tensor.backward = spy
"""


def tables_of(settings: Settings) -> list[Table]:
    return [settings.data] if isinstance(settings.data, Table) else []


def reasons(script: str, read: Script) -> dict[str, str]:
    """Return the lines that are not understood, with the reasons."""
    lines = script.splitlines()
    return {lines[each.number - 1].strip(): each.words for each in read.others}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_script_of_ours_is_read_as_its_settings(form: str) -> None:
    choices = [*drawn(40, seed=4), *PAINTED, *(Settings(**each) for each in OTHERS)]
    for settings in choices:
        read = read_script(to_script(settings, form), tables_of(settings))  # type: ignore[arg-type]

        assert read.settings == settings
        assert read.others == ()


def test_the_articles_own_code_is_the_articles_settings_line_by_line() -> None:
    read = read_script(IMPORTS + ARTICLE)
    lines = (IMPORTS + ARTICLE).splitlines()

    assert (read.settings, read.others) == (Settings(), ())
    assert {lines[each.number - 1].strip(): each.words for each in read.understood} == {
        lines[2]: "hidden units 5; data The article's batch",
        lines[3]: "data The article's batch",
        lines[4]: "the article's targets",
        "model = nn.Sequential(nn.Linear(n_in, n_h),": "hidden units 5",
        "nn.ReLU(),": "activation ReLU",
        "nn.Linear(n_h, n_out),": "hidden units 5",
        "nn.Sigmoid())": "the sigmoid of the output",
        "criterion = torch.nn.MSELoss()": "loss MSE",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.01)": (
            "optimizer SGD; learning rate 0.01"
        ),
        "for epoch in range(50):": "epochs 50",
        "optimizer.zero_grad()": "zero_grad() kept",
        "loss.backward()": "the backward pass",
        "optimizer.step()": "the update",
    }


@pytest.mark.parametrize("beginner", SCRIPTS.values(), ids=SCRIPTS)
def test_a_beginners_script_is_read_as_far_as_it_can_be(beginner: Beginner) -> None:
    read = read_script(beginner.script)
    found = reasons(beginner.script, read)

    assert read.settings == beginner.settings
    assert len(found) == len(beginner.others)
    for start, word in beginner.others.items():
        (reason,) = (words for line, words in found.items() if line.startswith(start))
        assert word in reason


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "the article's network as a class with functions",
        "a truth table with binary cross-entropy",
        "a straight line",
        "a forgotten zero_grad",
    ],
)
def test_a_script_that_is_understood_has_the_losses_of_its_settings(name: str) -> None:
    script = SCRIPTS[name].script
    printed = run_fresh(SPY + script)

    losses = train(read_script(script).settings).losses
    assert [float(each) for each in printed] == losses.tolist()


def test_a_new_activation_is_read_from_the_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "mish", Activation("Mish", "bends the sum", "nn.Mish()"))
    module = (IMPORTS + ARTICLE).replace("nn.ReLU()", "nn.Mish()")
    function = to_script(Settings(), "class").replace("torch.relu", "nn.functional.mish")

    for script in (module, function):
        read = read_script(script)
        assert read.settings == Settings(activation="mish")
        assert read.others == ()


def test_the_file_of_an_example_is_known_and_another_must_be_given() -> None:
    iris = Settings(data=table("tinynet/user_data/examples/iris.csv", target="species"))
    assert read_script(to_script(iris)).settings == iris
    settings = Settings(**OTHERS[4])
    script = to_script(settings)

    lacking = read_script(script)
    assert lacking.settings.data == "plane"
    assert "TinyNet does not have this file: give its table to read_script." in {
        each.words for each in lacking.others
    }
    changed = script.replace(".dropna()", ".fillna(0)")
    read = read_script(changed, tables_of(settings))
    assert read.settings == settings
    assert [each.words for each in read.others] == [
        "TinyNet prepares the rows of this file in its own way."
    ]


def test_a_data_set_whose_function_was_edited_is_another() -> None:
    script = to_script(Settings(data="moons")).replace("radius", "size").replace("0.25", "0.3")

    (line,) = read_script(script).others
    assert "does not have these rows" in line.words


@pytest.mark.slow
@pytest.mark.parametrize(
    "script",
    [
        "(" * 50_000,
        "-" * 60_000 + "1",
        "a" + ".b" * 30_000,
        "x = 1\n" * 40_000,
        "def f(): return [f(), f()]\nf()\n" * 50,
        "x = [[i, i] for i in range(10 ** 9)]\n" * 20,
        "this is no script",
        "a\0b",
    ],
    ids=range(8),
)
def test_a_script_that_cannot_be_read_gets_a_sentence(script: str) -> None:
    read = read_script(script)

    assert read.settings == Settings()
    assert [each.words[-1] for each in read.others] == ["."]


@pytest.mark.parametrize(
    "script",
    [
        "x = 9 ** 9 ** 9 ** 9",
        "x = 'a' * 10 ** 12",
        "x = torch.rand(1)\n" + "x = x + x\n" * 500,
        "x = [1]\n" + "x = [x, x]\n" * 500,
        "1 / 0; 1 % 0; (-1) ** 0.5; [][1]; (1, 2)['x']; range(1, 2, 0); list(enumerate())",
        "f(node=1, name=2, self=3); f(**a); {**a}",
        "class A:\n    def __init__(self): self.a = A()\nA()",
    ],
    ids=range(7),
)
def test_what_has_no_bounds_is_given_some(script: str) -> None:
    read = read_script(f"{IMPORTS}{script}\n{ARTICLE}")

    assert read.settings == Settings()
    assert read.others == ()


def test_a_mark_at_the_start_and_blank_lines_at_the_end_are_no_part_of_a_script() -> None:
    assert read_script(f"\ufeff{IMPORTS}{ARTICLE}").others == ()

    *_, last = read_script("x = 1\nif x:\n\n\n").lines
    assert (last.text, last.is_understood) == ("if x:", False)


def test_nothing_of_a_script_is_run(tmp_path: Path) -> None:
    file = tmp_path / "made"
    calls = [
        f"open({str(file)!r}, 'w')",
        f"__import__('pathlib').Path({str(file)!r}).touch()",
        f"exec('open({str(file)!r}, \"w\")')",
        f"torch.save(1, {str(file)!r})",
        f"torch.optim.SGD(open({str(file)!r}, 'w'), lr=open({str(file)!r}, 'w'))",
    ]

    for call in calls:
        read_script(f"{IMPORTS}{call}\n{ARTICLE}")
        read_script((IMPORTS + ARTICLE).replace("lr=0.01", f"lr={call}"))
    assert not file.exists()
