"""Damaged workbooks, Parquet files, JSON records and packed or older texts, and bombs."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow.parquet import write_table

CELLS: tuple[object, ...] = (
    *(
        None,
        "",
        "a",
        "b",
        "NA",
        "ä",
        "=1+1",
        "<b>",
        "1,5",
        "7 €",
        "2024-01-31",
        "\u202e",
        "x" * 200,
    ),
    *(0, 1, -7, 2**53 + 1, 1.5, 1e300, float("nan"), float("inf"), True, False),
)
MILLION = 1_000_000
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
ROWS = "<sheetData>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"ha" * 50,
    b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 20) for at in range(9)),
)


def frame_of(generator: random.Random) -> pd.DataFrame:
    """Return a small frame: some columns of numbers, some of words, some of anything."""
    rows, columns = generator.choice((1, 2, 12, 60)), generator.choice((1, 2, 3, 6))
    kinds = [
        generator.choice((CELLS, (1.5, 2, -3, 0.25), ("u", "v"), (1, 2, 3))) for _ in range(columns)
    ]
    names = [generator.choice((f"c{at}", f"c{at}", "a", "", "<i>", "7")) for at in range(columns)]
    data = [[generator.choice(kind) for kind in kinds] for _ in range(rows)]
    return pd.DataFrame(data, columns=names)


def workbook(generator: random.Random) -> bytes:
    """Return a workbook, often with a part changed or a bomb in it."""
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        for name in generator.choice((["s"], ["empty", "s"])):
            frame = pd.DataFrame() if name == "empty" else frame_of(generator).astype(object)
            frame.to_excel(
                writer, sheet_name=name, index=False, startrow=generator.choice((0, 0, 3))
            )
    harm = generator.choice((None, None, *_OF_PARTS))
    return harm(out.getvalue(), generator) if harm else out.getvalue()


def _with_part(name: str, change: Callable[[bytes], bytes], content: bytes) -> bytes:
    """Return an archive with a part that is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return out.getvalue()


def _without_a_part(content: bytes, generator: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        lost = generator.choice(old.namelist())
        for each in old.namelist():
            if each != lost:
                new.writestr(each, old.read(each))
    return out.getvalue()


def _with_any_part_damaged(content: bytes, generator: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = generator.choice(archive.namelist())
    return _with_part(name, lambda part: flipped(part, generator), content)


def _with_rows(text: str) -> Callable[[bytes, random.Random], bytes]:
    def change(part: bytes) -> bytes:
        return part.decode().replace(ROWS, f"{ROWS}{text}").encode()

    return lambda content, _: _with_part(SHEET, change, content)


def _with_laughs(part: bytes) -> bytes:
    start = part.index(b"<worksheet")
    return part[:start] + LAUGHS + part[start:].replace(b"<c ", b"<c>&i;</c><c ", 1)


def _with_a_forged_size(content: bytes, generator: random.Random) -> bytes:
    """Return a bomb whose parts claim to be small."""
    bomb = _with_rows(" " * (30 * MILLION))(content, generator)
    claimed = struct.pack("<I", 1_000)
    large = [each.file_size for each in zipfile.ZipFile(io.BytesIO(bomb)).infolist()]
    return bomb.replace(struct.pack("<I", max(large)), claimed)


_OF_PARTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _without_a_part,
    _with_any_part_damaged,
    _with_a_forged_size,
    lambda content, _: _with_part(SHEET, _with_laughs, content),
    _with_rows('<row r="1048576"/>'),
    _with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    _with_rows("<row/>" * 400_000),
    _with_rows("<row><c/></row>" * 200_000),
    _with_rows(" " * (60 * MILLION)),
    _with_rows(
        '<row><c t="s"><v>99999</v></c><c t="d"><v>x</v></c><c t="e"><v>#REF!</v></c></row>'
    ),
    _with_rows('<row r="-1"><c r="ZZZZ9"><v>1e999</v></c></row>'),
    lambda content, _: _with_part(
        SHEET, lambda part: part.replace(b'ref="A1', b'ref="A1:XFD1048576" x="'), content
    ),
)


def parquet(generator: random.Random) -> bytes:
    """Return a Parquet file, at times with lists, huge words or a codec without a bound."""
    frame = frame_of(generator)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    frame = frame.apply(lambda each: each.astype(str) if each.dtype == object else each)
    out = io.BytesIO()
    codec = generator.choice(("snappy", "snappy", "none", "gzip", "zstd", "brotli", "lz4"))
    special: Callable[[], pa.Table] = generator.choice((*(lambda: _arrow(frame),) * 6, *_SPECIAL))
    write_table(special(), out, compression=codec)
    return out.getvalue()


def _arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame)


_SPECIAL: tuple[Callable[[], pa.Table], ...] = (
    lambda: pa.table({"x": [[1, 2]] * 9, "t": range(9)}),
    lambda: pa.table({"x": [{"a": 1}] * 9, "t": range(9)}),
    lambda: pa.table({"w": pa.array(["x" * MILLION]).take(pa.array([0] * 40)), "t": range(40)}),
    lambda: pa.table({"w": _one_word("x" * 10_000, 9_000), "t": range(9_000)}),
    lambda: pa.table({"z": np.zeros(3 * MILLION), "t": np.ones(3 * MILLION)}),
    lambda: pa.table({"when": [pd.Timestamp("2024-01-31")] * 9, "raw": [b"\xff"] * 9}),
    lambda: pa.table({"gone": pa.nulls(9), "b": [True, None, False] * 3}),
    lambda: pa.table({f"c{at}": [1, 2] for at in range(3_000)}),
)


def _one_word(word: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([word]))


def records(generator: random.Random) -> bytes:
    """Return JSON records, often with odd values, names or depths."""
    frame = frame_of(generator)
    rows: list[object] = [
        dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)
    ]
    rows[0] = generator.choice((rows[0], rows[0], *_ODD_RECORDS))
    if generator.random() < 0.2:
        return b"\n".join(json.dumps(each, default=str).encode() for each in rows)
    if generator.random() < 0.2:
        return generator.choice(_ODD_TEXTS)
    return json.dumps(rows, default=str, indent=generator.choice((None, 1))).encode()


_ODD_RECORDS: tuple[object, ...] = (
    {"a": [1], "b": {"c": 2}},
    {"a": 10**400, "b": -(10**30)},
    {"a": "\ud800", "b": 1e308},
    {f"c{at}": at for at in range(50_000)},
    {"a" * 100_000: 1, "b": "x" * 300_000},
    [1, 2],
    7,
    {},
)
_ODD_TEXTS = (
    b'[{"a":' * 100_000,
    b"[" * 100_000,
    b'[{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
    b'[{"a": ' + b"9" * 100_000 + b', "b": 1}, {"a": 1, "b": 2}]',
    b'[{"a": 1e999999, "b": NaN}, {"a": -Infinity, "b": 2}]',
    b"[" + b'{"a":1,"b":2},' * 130_000 + b'{"a":1,"b":2}]',
    b'[{"a": 1, "a": 2, "b": 3}, {"a": 1, "b": 3}]',
    b"[" + b",".join(b'{"c%d":1,"t":2}' % at for at in range(90_000)) + b"]",
    b'{"a": 1, "b": 2}\n\n{"a": 1}\nnull\n',
)


_REPEATED = (b"1,2\n", b"\0", b"1,", b" ")


def packed(content: bytes, generator: random.Random) -> bytes:
    """Return a text in gzip, at times twice or as a bomb."""
    if generator.random() < 0.05:
        return gzip.compress(generator.choice(_REPEATED) * (50 * MILLION), 1)
    once = gzip.compress(content)
    return generator.choice((once, once, once, once + once, gzip.compress(once)))


def flipped(content: bytes, generator: random.Random) -> bytes:
    """Return the bytes with a few of them changed, left out or doubled."""
    out = bytearray(content)
    for _ in range(generator.choice((1, 1, 2, 8))):
        start = generator.randrange(len(out) + 1)
        stop = start + generator.choice((1, 1, 4, 40))
        kept = out[start:stop]
        new = (generator.randbytes(len(kept)), b"", bytes(kept * 2), b"\xff\xff\xff\x7f")
        out[start:stop] = generator.choice(new)
    return bytes(out)
