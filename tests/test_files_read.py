"""How files are read and named."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from tests.combinations import different, run_beside_its_file
from tests.frames import MIXED, mixed, sheet_of
from tinynet import DataError, Settings, table, train
from tinynet.analysis.tables import compared
from tinynet.export import to_notebook
from tinynet.links.address import WANTS_FILE, read_address
from tinynet.links.pins import Pin, names_of, read_pin
from tinynet.settings import DATA
from tinynet.user_data import Painting, at_hand, file_meant
from tinynet.user_data.examples import EXAMPLES


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("x,t\n1,a\n2,b\n", "x,t\n1.0,a\n2.0,b\n"),
        ("x,t\n1,a\n2,b\nNA,a\n", "x,t\n1,a\n2,b\n,a\n"),
    ],
    ids=["as floats", "another gap"],
)
def test_tables_of_other_bytes_are_not_equal_and_each_hands_out_its_own(
    text: str, other: str
) -> None:
    one, two = (table(sheet_of(each), target="t") for each in (text, other))

    assert one != two
    assert one.files != two.files


def test_integers_that_are_one_as_floats_have_fingerprints_of_their_own() -> None:
    one, next_one = 2**53, 2**53 + 1

    sheet = sheet_of(f"x,t\n1,{one}\n2,{next_one}\n")
    swapped = sheet_of(f"x,t\n1,{next_one}\n2,{one}\n")

    assert sheet.fingerprint != swapped.fingerprint


def test_a_text_of_a_file_is_a_literal_in_the_script_and_not_in_the_story() -> None:
    evil = "']); import os; os.abort() #<script>"
    frame = pd.DataFrame({evil: range(6), 'a\n"""b': [*"xyxyx", evil], "t": ["u", evil] * 3})
    data = table(frame, target="t")

    assert different(Settings(data=data, epochs=2)) == []
    cells = [
        part
        for part in to_notebook(Settings(data=data)).split('"cell_type"')
        if "markdown" in part[:14]
    ]
    assert not any("script>" in each for each in cells)


HOSTILE = {
    "empty": (b"", "The file is empty"),
    "blank": (b" \n\n", "The file is empty"),
    "names alone": (b"a,b\n", "There is no row below"),
    "no names": (b"1,2\n3,4\n", "The first row holds “1” and “2”; it must hold the names"),
    "one column": (b"a\n1\n2\n", "two columns or more"),
    "no encoding": (b"a,b\n1,x\n2,caf\x81\n", "Line 3 is not in UTF-8"),
    "NUL": (b"a,b\n1,2\n1,\0\n", "Line 3 holds a NUL byte"),
    "zip": (b"PK\x03\x04....", "This ZIP file is damaged"),
    "pdf": (b"%PDF-1.7 ...", "a PDF file, not a table. Save the table as"),
    "picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "bytes": (b"a,b\n1,\x02\xe9\n", "Line 2 holds a control character"),
    "open quote": (b'a,b\n1,2\n3,"4\n5,6\n', "Row 2 opens a quotation mark that never closes"),
    "long quote": (b'a,b\n"' + b"1,2\n" * 50_000, "does a quotation mark never close"),
    "many columns": (
        b",".join(b"c" for _ in range(300_000)) + b"\n1\n",
        "300,000 columns; it may have 100",
    ),
    "many rows": (b"a,b\n" + b"1,2\n" * 10_001, "more than 10,000 rows"),
    "many bytes": (b"a,b\n" + b"1,2\n" * 500_000, "2.0 MB; it may have 2 MB"),
    "wide row": (b"a,b\n1,2\n1,2,3\n", "Row 2 has 3 fields; the first row names 2 columns"),
    "same names": (b"a,b,a\n1,2,3\n", "Columns 1 and 3 have the same name, “a”"),
    "long name": (b"a," + b"b" * 101 + b"\n1,2\n", "Column 2 has a name of 101 characters"),
}
HOSTILE_COLUMNS = {
    "infinite": ("x,t\n1,2\ninf,3\n4,1.5\n", "Row 2 of “x” holds inf"),
    "enormous": (
        "x,t\n1,2\n2,3\n-1e31,1.5\n",
        "Row 3 of “x” holds -1e.31; a number may be 1e.30 at most",
    ),
    "formula": ("x,t\n1,2\n=1+1,3\n4,1.5\n", "Row 2 of “x” holds a formula, “=1.1”"),
    "constant": ("x,t\n5,2\n5,3\n5,1.5\n", "“x” is the same in all rows"),
    "constant target": ("x,t\n5,2\n6,2\n7,2\n", "The target “t” is the same in all rows"),
    "one row": ("x,t\n5,2\n", "The target “t” is the same in all rows"),
    "gaps": ("x,t\n5,\n6,\n,3\n,4\n", "0 can be used: 4 have a gap"),
    "identifier": (
        "x,t\n" + "".join(f"{each},id{each}\n" for each in range(11)),
        "11 different words; a target may have 10",
    ),
    "long word": ("x,t\n" + "a" * 101 + ",1\nb,2\n", "Row 1 of “x” holds a text of 101 characters"),
    "many words": (
        "x,t\n" + "".join(f"w{each},{each}\n" for each in range(21)),
        "21 different words; an input may have 20",
    ),
    "other target": ("x,u\n1,2\n2,3\n", "There is no column “t” in mixed.csv"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_table_is_refused_in_a_sentence(case: str) -> None:
    content, sentence = HOSTILE[case]

    with pytest.raises(DataError, match=sentence):
        sheet_of(content)


@pytest.mark.parametrize("case", HOSTILE_COLUMNS)
def test_columns_of_which_nothing_can_be_made_are_refused_in_a_sentence(case: str) -> None:
    text, sentence = HOSTILE_COLUMNS[case]

    with pytest.raises(DataError, match=sentence):
        table(sheet_of(text), target="t", inputs=["x"])


@pytest.mark.parametrize("names", [",Unnamed: 0,y", ",Unnamed: 0.1,Unnamed: 0,y", ",,Unnamed: 1"])
def test_a_column_without_a_name_gets_one_that_no_other_has(names: str) -> None:
    text = f"{names}\n" + ",".join("1" for _ in names.split(",")) + "\n"

    columns = [each.name for each in sheet_of(text).columns]

    assert columns == list(pd.read_csv(io.StringIO(text)).columns)
    assert len(set(columns)) == len(columns)


def test_a_byte_order_mark_tabs_and_line_ends_of_any_kind_change_no_number() -> None:
    plain = sheet_of("a,b\n1,x\n2,ä\n")

    for other in (
        b"\xef\xbb\xbfa,b\n1,x\n2,\xc3\xa4\n",
        b"a\tb\r\n1\tx\r\n2\t\xc3\xa4\r\n",
        b"a;b\r1;x\r2;\xc3\xa4\r",
    ):
        assert sheet_of(other).fingerprint == plain.fingerprint


def test_a_column_that_is_constant_among_the_training_rows_does_not_break_the_run() -> None:
    frame = pd.DataFrame({"x": [0.1] * 30 + [1e30, -1e30], "z": range(32), "t": [1.0, 2.5] * 16})
    for seed in range(8):
        run = train(
            Settings(
                data=table(frame, target="t", task="regression"),
                test_share=0.5,
                seed=seed,
                epochs=3,
            )
        )
        assert np.isfinite(np.concatenate([run.inputs, run.test_inputs])).all()


def test_numbers_too_tiny_to_have_a_deviation_do_not_break_the_run() -> None:
    frame = pd.DataFrame({"x": [0, 1e-200, 5e-201] * 4, "t": [0, 3e-200, 1e-200] * 4})
    settings = Settings(data=table(frame, target="t", task="regression"), epochs=3)

    assert np.isfinite(train(settings).losses).all()
    assert different(settings) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("example", "wanted", "least"), [("Iris", 0.95, 27), ("Penguins", 0.8, 30)]
)
def test_an_example_is_learned_with_the_settings_that_it_opens_on(
    example: str, wanted: float, least: int
) -> None:
    (its,) = (each for each in EXAMPLES if each.label == example)
    data = table(its.sheet, target=its.target, inputs=its.inputs)
    runs = [train(Settings(data=data, seed=seed, **its.changes)) for seed in range(30)]

    ends = [run.test_accuracy if run.has_classes else run.test_r_squared for run in runs]
    assert sum(end is not None and end >= wanted for end in ends) >= least


def test_iris_is_fishers_and_not_the_copy_with_two_errors() -> None:
    frame = EXAMPLES[0].sheet.frame

    assert frame.iloc[34, :4].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert frame.iloc[37, :4].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert frame["species"].value_counts().tolist() == [50, 50, 50]


def test_the_notebook_prints_the_same_beside_the_file() -> None:
    settings = Settings((3,), 0.1, 6, data=mixed("colour"), test_share=0.4)
    cells = json.loads(to_notebook(settings))["cells"]
    code = [each["source"] for each in cells if each["cell_type"] == "code"]

    lines = run_beside_its_file(settings, "\n".join(each for each in code if "plotly" not in each))

    assert lines == train(settings).printed(0, 6)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\Größe (2).TSV", "Größe (2).TSV"),
        ("<b>'\n\0.csv", "b.csv"),
        ("x" * 300 + ".txt", "x" * 36 + ".txt"),
        ("", "data.csv"),
        ("...", "data.csv"),
        ("#1 x.data", "1 x.data"),
    ],
)
def test_a_file_is_called_by_harmless_characters(given: str, name: str) -> None:
    assert sheet_of("a,b\n1,2\n", given).name == name


def test_a_target_that_may_only_count_the_rows_is_doubted() -> None:
    frame = pd.DataFrame({"x": np.random.default_rng(0).random(30), "id": range(30)})

    assert (
        "“id” counts the rows. Then there is nothing to learn." in table(frame, target="id").story
    )
    assert "nothing to learn" not in table(frame, target="x").story


GOOD = "file.own.csv.40.0123456789abcdef.2.3.binary"


@pytest.mark.parametrize(
    "word",
    [
        *("file.", "file.own.csv", GOOD + ".", GOOD.replace("binary", "guess"), GOOD + "~lr~1"),
        *(GOOD.replace("own", "<b>"), GOOD.replace(".2.3.", ".0.3."), GOOD.replace(".3.", ".0.")),
        *(GOOD.replace("40", "4" * 9), GOOD.replace(".3.", "." + "f" * 26 + "."), GOOD * 99),
        *(GOOD.replace("40", "٤٠"), GOOD.replace("own", "o" * 99)),
    ],
)
def test_what_spells_no_file_means_none(word: str) -> None:
    assert file_meant(GOOD) is not None
    assert file_meant(word) is None
    (notice,) = read_address({"data": [word]}).notices
    assert "<" not in notice


def test_pins_of_ones_own_data_are_called_by_the_file_or_what_was_painted() -> None:
    point = (100, 100, 0)
    files = [table(sheet_of(MIXED, name), target="price") for name in ("old.csv", "<b>new_1.csv")]
    paintings = [Painting((point, (each, 0, 1))) for each in (1, 2)]
    runs = [train(Settings(data=each, epochs=1)) for each in (*files, *paintings)]

    names = names_of([Pin(run.settings) for run in runs])
    told = list(compared(names, runs)["Data"])

    assert names[:2] == ["data old.csv", "data b new 1.csv"]
    assert all(each.startswith("data painting of 2 points (") for each in names[2:])
    assert told[:2] == ["old.csv", files[1].sheet.name]
    assert len(set(told)) == len(runs)
    assert DATA.in_a_file_name(files[0]) == "datafile"
    kinds = [DATA.kind(each) for each in (files[0], paintings[0], "arms")]
    assert kinds == ["file", "painting", "arms"]


def test_a_pin_of_a_file_that_is_not_here_is_left_out_and_repeats_no_name() -> None:
    data = table(sheet_of(MIXED, "www.evil.com"), target="price")
    word = Pin(Settings(data=data, epochs=7)).text()

    (notice,) = read_address({"pin": [word]}).notices

    assert notice == "The link has an invalid pinned run. It needs a file that is not here."
    assert read_address({"data": [data.text()]}).notices == (WANTS_FILE,)
    with at_hand([data.sheet]):
        assert read_pin(word) == Pin(Settings(data=data, epochs=7))


def test_an_address_and_a_call_with_the_former_name_of_a_task_mean_what_they_meant() -> None:
    assert file_meant(GOOD.replace("binary", "classes")) == file_meant(GOOD)
    frame = pd.DataFrame({"x": [1.0, 2, 3, 4], "t": ["a", "b", "a", "c"]})
    assert table(frame, target="t", task="several") == table(frame, target="t")  # type: ignore[arg-type]
