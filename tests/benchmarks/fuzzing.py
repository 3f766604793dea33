"""Malformed files: each is read as a table or refused with a message, fast and without a leak.

    python -m tests.benchmarks.fuzzing [count]

The same count makes the same files each time.
"""

from __future__ import annotations

import gc
import random
import resource
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time

from tests.benchmarks.fuzzed_formats import flipped, packed, parquet, records, workbook
from tinynet import DataError, Settings, Table, table
from tinynet.export import to_script
from tinynet.training.train import Training
from tinynet.user_data import read_sheet
from tinynet.user_data.limits import PAGE

WORDS = ("", "a", "b", "NA", "nan", "inf", "-inf", "1e308", "-1e31", "1,5", "0x1f", "=1+1", "True")
STRANGE = ("\u202e", "<script>", "'\"", "ä", "\ud83d\ude00", "{0}", "%s", "\\n", "$(id)", "\x1a")
LARGE = 2_000_000


@dataclass
class Found:
    """The outcomes of all files."""

    tables: int = 0
    trained: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds of the processor
    grown: float = 0.0  # MB that memory grows from the first third to the end


def made(generator: random.Random) -> bytes:
    """Make a file of any format, whole or damaged."""
    kind = generator.choice((None, None, *_FORMATS))
    content = kind(generator) if kind else _text(generator)
    damage = generator.random()
    if damage < 0.4:
        return content
    if damage < 0.5:
        return content[: generator.randint(0, len(content))]
    return flipped(content, generator) if kind else content


def _text(generator: random.Random) -> bytes:
    """Make a text: a plain table with random damage."""
    separator = generator.choice(",,,;\t|")
    columns, rows = generator.choice((1, 2, 3, 5, 12)), generator.choice((0, 1, 2, 10, 50, 300))
    kinds = [generator.choice(_KINDS) for _ in range(columns)]
    names = [generator.choice((f"c{each}", *STRANGE, "", "a")) for each in range(columns)]
    if generator.random() < 0.7:
        names = [f"c{each}" for each in range(columns)]
    lines = [names, *([kind(generator) for kind in kinds] for _ in range(rows))]
    end = generator.choice(("\n", "\n", "\r\n", "\r"))
    text = end.join(separator.join(line) for line in lines) + generator.choice((end, ""))
    others = ("utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-32")
    encoding = generator.choice(("utf-8",) * 6 + others)
    content = text.encode(encoding, errors="replace")
    for _ in range(generator.choice((0, 0, 0, 1, 2))):
        content = generator.choice(_HARM)(content, generator)
    return content


_FORMATS = (workbook, workbook, parquet, records, lambda draw: packed(_text(draw), draw))


def _number(generator: random.Random) -> str:
    return repr(round(generator.gauss(0, 100), generator.randint(0, 6)))


_KINDS: tuple[Callable[[random.Random], str], ...] = (
    _number,
    _number,
    lambda generator: str(generator.randint(0, 3)),
    lambda generator: generator.choice("xyz"),
    lambda generator: generator.choice(WORDS),
    lambda generator: generator.choice(STRANGE),
    lambda generator: str(generator.getrandbits(generator.choice((1, 31, 63, 64, 200)))),
    lambda _: "7",
    lambda generator: f'"{generator.choice(WORDS)}"',
)
_HARM: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    lambda content, generator: content[: generator.randint(0, len(content))],
    lambda content, generator: _put(content, generator, b'"'),
    lambda content, generator: _put(content, generator, b"\0"),
    lambda content, generator: _put(content, generator, generator.randbytes(9)),
    lambda content, generator: _put(content, generator, b"\n"),
    lambda content, generator: _put(content, generator, b"," * generator.choice((1, 9, 1_000_000))),
    lambda content, generator: _put(
        content, generator, b"9" * generator.choice((400, 100_000, 1_000_000))
    ),
    lambda content, generator: _put(content, generator, b'"' + b"a,\n" * 200_000),
    lambda content, _: (content * (LARGE // max(1, len(content)) + 1))[:LARGE],
    lambda content, _: content + b"1,2\n" * 20_000,
    lambda content, _: b"PK\x03\x04" + content,
    lambda _, generator: generator.randbytes(generator.choice((0, 1, 5_000))),
)


def _put(content: bytes, generator: random.Random, what: bytes) -> bytes:
    place = generator.randint(0, len(content))
    return content[:place] + what + content[place:]


def measure(count: int, seed: int = 7) -> Found:
    """Read files, and train an epoch on each table; do not catch errors."""
    generator, found, before = random.Random(seed), Found(), 0.0  # noqa: S311 - a repeatable draw
    for index in range(count):
        content, start = made(generator), process_time()
        try:
            _use(content, generator, found)
        except DataError as refusal:
            found.refused[" ".join(str(refusal).split()[:2])] += 1
        found.slowest = max(found.slowest, process_time() - start)
        if index == count // 3:
            before = _megabytes()
    found.grown = _megabytes() - before
    return found


def _use(content: bytes, generator: random.Random, found: Found) -> None:
    name = generator.choice(("a.csv", "../../etc/passwd", "<b>.csv", "\0", ""))
    sheet = read_sheet(content, name, PAGE)
    found.tables += 1
    targets = [each.name for each in sheet.columns if not each.target_refusal]
    data: Table = table(sheet, target=generator.choice(targets or [sheet.columns[0].name]))
    settings = Settings((3,), epochs=1, data=data, test_share=generator.choice((0.0, 0.3)))
    compile(to_script(settings), "script", "exec")
    training = Training(settings)
    training.advance(0)
    training.to_run()
    assert data.story
    found.trained += 1


def _megabytes() -> float:
    """Return the peak memory of the process."""
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int) -> None:
    """Print the outcomes."""
    found = measure(count)
    print(f"| of {count:,} files | |\n|---|---|")
    print(f"| read as a table | {found.tables:,} |\n| trained on | {found.trained:,} |")
    print(f"| refused in a sentence | {sum(found.refused.values()):,} |")
    print(f"| sentences, by their first words | {len(found.refused)} |")
    print(f"| the slowest, in seconds of the processor | {found.slowest:.2f} |")
    print(f"| growth of memory after the first third, in MB | {found.grown:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
