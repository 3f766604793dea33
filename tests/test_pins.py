"""Pins: kept runs, each with a word in the address and its own name."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.combinations import drawn
from tests.test_address import JUNK
from tinynet import Settings, SettingsError
from tinynet.links.address import View, permalink, read_address
from tinynet.links.pins import (
    LONGEST_NAME,
    MOST_PINS,
    Pin,
    as_name,
    names_of,
    read_pin,
    varying_knobs,
)
from tinynet.settings import KNOBS

SOME = drawn(60)


@pytest.mark.parametrize("place", range(0, len(SOME), 2))
def test_any_settings_read_back_from_an_address_with_their_names(place: int) -> None:
    pins = (Pin(SOME[place], "a name"), Pin(SOME[place + 1]))
    link = permalink("http://host/", Settings(), View(pins=pins))

    address = read_address(parse_qs(urlsplit(link).query))

    assert address.view.pins == pins
    assert address.notices == ()


def test_a_pin_holds_what_differs_from_the_article() -> None:
    assert Pin(Settings()).text() == ""
    assert Pin(Settings((8, 3), 0.1), "deep").text() == "deep~hidden~8-3~lr~0.1"


@pytest.mark.parametrize(
    "text",
    [
        *(f"~hidden~{each}" for each in JUNK if "~" not in each),
        "~hidden",
        "~hiden~7",
        "~loss~bce~data~plane",
        "~" * 2_000,
        "x~" + "hidden~7~" * 500,
    ],
)
def test_a_hostile_pin_is_left_out_with_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match=r"\.$"):
        read_pin(text)
    address = read_address({"pin": ["~hidden~7", text]})
    assert address.view.pins == (Pin(Settings((7,))),)
    (notice,) = address.notices
    assert notice.startswith("The link has an invalid pinned run. ")
    for value in text.split("~")[2::2]:
        assert len(value) < 4 or value not in notice  # no text of an address is repeated


def test_there_are_eight_at_most_each_once() -> None:
    texts = [f"~hidden~{width}" for width in (1, 1, *range(1, 12))]
    address = read_address({"pin": texts})

    widths = [pin.settings.hidden_units for pin in address.view.pins]
    assert widths == [(width,) for width in range(1, MOST_PINS - 1)]
    more = "The link has more than 8 pinned runs; only the first 8 are shown."
    assert address.notices == (more,)


@pytest.mark.parametrize(
    "text", [*JUNK, "# head", "[x](http://y)", "$a$", "`a`", "a\nb", ":red[x]"]
)
def test_a_name_is_short_on_one_line_and_draws_nothing(text: str) -> None:
    name = as_name(text)

    assert len(name) <= LONGEST_NAME
    assert not set(name) & set('<>`$[]#*\n~{}|\\"&:_')
    assert read_pin(Pin(Settings(), name).text()).name == name


@pytest.mark.parametrize("name", ["हिन्दी", "größer", "第一", "lr = 0.5 (x²)", "e\u0301te\u0301"])
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert as_name(name) == name


def test_without_a_name_a_pin_is_called_by_what_sets_it_apart() -> None:
    gentle, bold = Pin(Settings()), Pin(Settings(learning_rate=0.5))

    assert names_of((gentle,)) == ["the article"]
    assert names_of((bold,)) == ["lr 0.5"]
    assert names_of((gentle, bold)) == ["lr 0.01", "lr 0.5"]
    assert names_of((gentle, Pin(bold.settings, "bold"))) == ["lr 0.01", "bold"]
    assert [knob.name for knob in varying_knobs((gentle.settings, bold.settings))] == [
        "learning_rate"
    ]


def test_no_two_names_are_alike_and_none_is_long() -> None:
    pins = tuple(Pin(Settings(seed=seed), "twin") for seed in range(3))
    many = tuple(map(Pin, SOME[:MOST_PINS]))

    assert names_of(pins) == ["twin", "twin (2)", "twin (3)"]
    counted = ("x (2)", "x", "x", "x")
    assert names_of([Pin(Settings(seed=seed), name) for seed, name in enumerate(counted)]) == [
        *("x (2)", "x", "x (3)", "x (4)")
    ]
    assert len(set(names_of(many))) == MOST_PINS
    assert max(map(len, names_of(many))) <= 40 + len(" (8)")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name~hidden", "A pinned run must be a name and pairs of knobs and values."),
        ("name~hiden~7", "A pinned run names an unknown knob."),
        ("name~data~plane~loss~bce", "A pinned run has conflicting settings."),
        ("name~epochs~0", "A pinned run's epochs must be a whole number from 1 to 10,000."),
    ],
)
def test_each_refusal_is_a_sentence_of_its_own(text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_pin(text)
    assert str(refusal.value) == sentence.replace("10,000", "10000")


@pytest.mark.parametrize("more", [["more"], ["lr", "0.1"]])
def test_every_knob_at_once_is_still_a_pin_and_words_beyond_are_none(more: list[str]) -> None:
    words = [word for knob in KNOBS for word in (knob.parameter, knob.text(knob.article))]

    assert read_pin("~".join(["all", *words])) == Pin(Settings(), "all")
    with pytest.raises(SettingsError, match="must be a name"):
        read_pin("~".join(["all", *words, *more]))


def test_a_name_ends_after_thirty_letters_and_has_single_spaces() -> None:
    assert as_name("a" * 99) == "a" * 30
    assert as_name(" a \t b\n") == "a b"
    assert as_name("X") == "X"
    assert as_name("~") == ""


def test_a_made_name_ends_after_forty_letters_with_three_dots() -> None:
    knobs: dict[str, Any] = {
        "learning_rate": 0.0123,
        "epochs": 123,
        "seed": 567,
        "data": "xor",
        "l1": 0.5,
    }
    (name,) = names_of([Pin(Settings((64,), **knobs))])
    whole = "data xor, hidden 64, lr 0.0123, epochs 123, seed 567, l1 0.5"

    assert whole[39:41] == "12"
    assert name == f"{whole[:39].rstrip(' ,')}…"
    fits = "hidden 64, lr 0.0123, epochs 10, seed 56"
    assert len(fits) == 40
    assert names_of([Pin(Settings((64,), 0.0123, 10, seed=56))]) == [fits]


def test_pins_are_records() -> None:
    with pytest.raises(AttributeError):
        Pin(Settings()).name = "other"  # type: ignore[misc]
