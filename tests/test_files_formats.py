"""Files of every format and encoding: read within limits, and read again by the script."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.combinations import different
from tests.frames import sheet_of
from tinynet import DataError, Settings, table, train
from tinynet.export import to_script
from tinynet.export.proof import prove
from tinynet.user_data import read_sheet

ROWS = [(row % 9 + 0.5, "ab"[row % 2], row % 3) for row in range(24)]
FRAME = pd.DataFrame(ROWS, columns=["size", "kind", "t"])
TEXT = FRAME.to_csv(index=False)


def workbook(*rows: Any, sheets: int = 1) -> bytes:
    """Return a workbook whose last sheet holds these rows; the other sheets are empty."""
    book = openpyxl.Workbook()
    for _ in range(sheets - 1):
        book.create_sheet()
    for row in rows:
        book.worksheets[-1].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_parquet(frame: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.to_parquet(file)
    return file.getvalue()


SAME = {
    "gzip": gzip.compress(TEXT.encode()),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "title": f"Sizes and kinds,,\n\n{TEXT}".encode(),
    "short title": f"Sizes and kinds\n{TEXT}".encode(),
    "comments": ("# Sizes\n# from a shop\n" + TEXT.replace("\n1.5", "\n# a shop\n1.5", 1)).encode(),
    "comment of names": ("#size,kind,t\n" + TEXT.split("\n", 1)[1]).encode(),
    "says its separator": ("sep=;\n" + TEXT.replace(",", ";")).encode(),
    "bars": TEXT.replace(",", "|").encode(),
    "blanks": TEXT.replace(",", "   ").encode(),
    "workbook": workbook(FRAME.columns.tolist(), *ROWS),
    "second sheet": workbook(FRAME.columns.tolist(), *ROWS, sheets=2),
    "title in a workbook": workbook(["Sizes"], [], FRAME.columns.tolist(), *ROWS),
    "Parquet": as_parquet(FRAME),
    "JSON": FRAME.to_json(orient="records").encode(),
    "JSON lines": FRAME.to_json(orient="records", lines=True).encode(),
}


@pytest.mark.parametrize("kind", SAME)
def test_a_table_is_the_same_in_every_format(kind: str) -> None:
    sheet = read_sheet(SAME[kind], "x")

    names = [each.lstrip("#") for each in sheet.frame.columns]
    assert [names, *sheet.frame.to_numpy().tolist()] == [
        FRAME.columns.tolist(),
        *map(list, ROWS),
    ]


WORDS = ("Süd", "süd ", "?", "Nord")
ODD = "Größe,Preis,Tag,Wort,Ziel\n" + "".join(
    f'"{n % 7 + 1},{n % 9}00",{n * 3 % 17} €,{n % 9 + 1}.3.2024,{WORDS[n % 4]},{n % 3}\n'
    for n in range(30)
)
SCRIPTS = {
    "Größe #1 `x`.DATA": (ODD.encode("cp1252"), "Ziel"),
    "a.csv.gz": (gzip.compress(f"A title,,\n{TEXT}".encode()), "t"),
    "unicode.txt": (TEXT.replace(",", "\t").encode("utf-16"), "t"),
    "comments.csv": (SAME["comments"], "t"),
    "a b.xlsx": (
        workbook(
            ["x", "w", "t"], *([row, " Ja" if row % 2 else "ja", row % 3] for row in range(20))
        ),
        "t",
    ),
    "dates.parquet": (as_parquet(FRAME.assign(day=pd.date_range("2024-01-01", periods=24))), "t"),
    "records.json": (SAME["JSON"], "t"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_reads_the_very_file_by_its_own_name_and_prints_the_losses(name: str) -> None:
    content, target = SCRIPTS[name]
    data = table(read_sheet(content, name), target=target, gaps="fill", dates=["days", "weekday"])
    settings = Settings((3,), data=data, epochs=2, test_share=0.3)

    assert data.files == {name: content}
    assert different(settings) == []
    assert prove(to_script(settings), train(settings), lambda _: None).differing == ()


def test_what_was_read_of_an_odd_file_is_said() -> None:
    story = table(read_sheet(ODD.encode("cp1252"), "x"), target="Ziel").story

    assert "not in UTF-8; read as Windows-1252, so that it holds “Größe”" in story
    assert "Commas in “Größe” group thousands." in story
    assert "“€” in “Preis” is dropped" in story
    assert "“Tag” holds dates such as “1.3.2024”; they count days from 1970." in story
    assert "“?” in “Wort” counts as a gap (7 rows)." in story
    assert (
        "The first 2 lines are above the names"
        in table(read_sheet(SAME["title"], "x"), target="t").story
    )


def moved(cell: bytes, place: bytes) -> bytes:
    """Return a workbook of two rows, one cell of which is moved far away."""
    file, old = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(["x", "t"], [1, 2], [3, 4])))
    with zipfile.ZipFile(file, "w") as archive:
        for each in old.namelist():
            archive.writestr(each, old.read(each).replace(cell, place))
    return file.getvalue()


def packed(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * size)
    return file.getvalue()


def long_words() -> bytes:
    words = pa.array(["a" * 100_000, "b"] * 500).dictionary_encode()
    file = io.BytesIO()
    parquet.write_table(pa.table({"x": words, "t": list(range(1000))}), file)
    return file.getvalue()


def packed_table(rows: int, how: str = "snappy") -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table({"x": [1] * rows, "t": [2] * rows}), file, compression=how)
    return file.getvalue()


BOMBS = {
    "gzip": (gzip.compress(b"a,b\n" + b"1,2\n" * 2_600_000), "unpacks to more than 10 MB"),
    "workbook": (packed(11_000_000), "unpacks to more than 10 MB"),
    "far column": (moved(b'<c r="B2"', b'<c r="XFD2"'), "16,384 columns"),
    "far row": (moved(b'<row r="3"', b'<row r="20000"'), "more than 10,000 rows"),
    "long words": (long_words(), "unpacks to more than 10 MB"),
    "many rows": (packed_table(20_000), "more than 10,000 rows"),
    "another codec": (packed_table(20, "zstd"), "save it with Snappy instead"),
    "sparse JSON": (
        json.dumps([{f"c{each}": 1} for each in range(3_000)]).encode(),
        "3,000 columns",
    ),
    "deep JSON": (b"[{" + b"[" * 100_000, "no valid JSON"),
    "list in JSON": (b'[{"x": [1], "t": 2}]', "Row 1 of “x” holds a list"),
    "other ZIP": (packed(1).replace(b"xl/workbook", b"xl/warkbook"), "a ZIP file, not a table"),
    "broken workbook": (packed(1), "This workbook cannot be read: Save the table as"),
    "broken gzip": (gzip.compress(TEXT.encode())[:-9], "This gzip file is damaged"),
    "broken Parquet": (as_parquet(FRAME)[:-99], "This Parquet file cannot be read"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOMBS)
def test_what_would_take_much_memory_is_refused_on_the_page(kind: str) -> None:
    content, sentence = BOMBS[kind]

    with pytest.raises(DataError, match=sentence):
        sheet_of(content)


def test_the_limits_of_the_page_are_not_those_of_a_notebook() -> None:
    text = "x,t\n" + "".join(f"{row % 89},{row % 2}\n" for row in range(10_001))

    with pytest.raises(DataError, match="more than 10,000 rows"):
        sheet_of(text)
    assert table(read_sheet(text.encode()), target="t").data_set.rows == 10_001
    assert (
        table(pd.DataFrame({"x": range(10_001), "t": [0, 1, 1] * 3333 + [0, 1]}), target="t").task
        == "binary"
    )
