"""Painted points: how they are stored, and that the script has the same bits."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.combinations import different
from tinynet import Settings, SettingsError, train
from tinynet.links.address import View, permalink, read_address, shortened
from tinynet.links.pins import Pin, have_room, names_of, read_pin
from tinynet.user_data import DataError, Painting, read_user_data
from tinynet.user_data.painting import MOST_POINTS

TWO = Painting(((78, 128, 0), (178, 128, 1), (128, 253, 1)))
THREE = Painting(((78, 128, 0), (178, 128, 1), (128, 253, 2)))
NUMBERS = Painting(((78, 128, 28), (178, 128, 128), (128, 3, 228)), numbers=True)
ALL = (TWO, THREE, NUMBERS)
EACH = "A point must be two coordinates from 0 to 255 and"


def painted(count: int, *, numbers: bool = False) -> Painting:
    generator = random.Random(count)  # noqa: S311 - a repeatable draw
    most = 255 if numbers else 2
    bounds = (255, 255, most)
    points = [tuple(generator.randint(0, each) for each in bounds) for _ in range(count)]
    return Painting(tuple(points), numbers=numbers)  # type: ignore[arg-type]


def test_a_point_lies_where_its_bytes_say_and_has_its_class_or_number() -> None:
    run = train(Settings(data=TWO, epochs=1))

    np.testing.assert_array_equal(run.inputs, [[-1, 0], [1, 0], [0, 2.5]])
    assert run.targets.ravel().tolist() == [0, 1, 1]
    numbers = train(Settings(data=NUMBERS, epochs=1)).targets
    np.testing.assert_array_equal(numbers, [[-1], [0], [1]])


def test_the_third_class_makes_them_three() -> None:
    assert [Settings(data=each).outputs for each in ALL] == [1, 3, 1]
    assert [Settings(data=each).task.targets for each in ALL] == [
        "0 or 1",
        "the indices of several classes",
        "any numbers",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("painting", [*ALL, painted(200), painted(150, numbers=True)], ids=repr)
def test_the_script_prints_the_losses_of_a_painting(painting: Painting) -> None:
    settings = Settings((4, 3), 0.5, 20, data=painting, optimizer="adam", features=("x1", "x2^2"))

    assert different(settings) == []
    assert different(replace(settings, test_share=0.3, batch_size=2)) == []


@pytest.mark.parametrize("painting", [*ALL, painted(200), painted(1)], ids=repr)
def test_a_link_holds_a_painting(painting: Painting) -> None:
    settings = Settings(data=painting, epochs=7)

    address = read_address({name: [text] for name, text in shortened(settings, View()).items()})

    assert (address.settings, address.notices) == (settings, ())
    assert read_pin(Pin(settings).text()) == Pin(settings)
    assert len(permalink("", settings, View())) < 1_200


def test_paintings_are_equal_where_every_point_is() -> None:
    again = Painting([list(point) for point in TWO.points])  # type: ignore[arg-type]

    assert Settings(data=again) == Settings(data=TWO)
    assert len({Settings(data=each) for each in (*ALL, again)}) == len(ALL)
    assert repr(Settings(data=TWO)) != repr(Settings(data=THREE))
    assert re.fullmatch(r"Painting\(3 points, [0-9a-f]{12}\)", repr(TWO))


def test_a_pin_names_a_painting_in_a_few_words() -> None:
    pins = [Pin(Settings(data=TWO)), Pin(Settings())]

    assert names_of(pins) == ["data painting of 3 points (1d94)", "data dummy"]


def test_no_more_is_pinned_than_an_address_can_hold() -> None:
    settings = Settings(data=painted(200))
    pinned: list[Pin] = []
    while have_room(pinned, wanted := Pin(replace(settings, seed=len(pinned)))):
        pinned.append(wanted)

    link = permalink("https://example.org/", settings, View(pins=tuple(pinned)))
    assert len(pinned) == 7
    assert len(link) < 8_000  # the usual limit of 8,190 characters, minus the rest
    plain = [Pin(Settings(seed=seed)) for seed in range(8)]
    assert [have_room(plain[:count], plain[7]) for count in (7, 8)] == [True, False]


def test_of_few_rows_one_is_trained_on_whatever_is_kept_for_the_test() -> None:
    settings = Settings(data=painted(1), test_share=0.9)

    assert (settings.training_rows, settings.test_rows) == (1, 0)


@pytest.mark.parametrize(
    "points",
    [
        *([], [(0, 0, 0)] * (MOST_POINTS + 1), [(0, 0)], [(0, 0, 0, 0)], [(256, 0, 0)]),
        *([(0, -1, 0)], [(0, 0, 3)], [(0.5, 0, 0)], [(True, 0, 0)], [("0", 0, 0)]),
    ],
)
def test_what_is_no_point_is_refused_with_what_is_allowed(
    points: list[tuple[int, int, int]],
) -> None:
    with pytest.raises(DataError, match=r"must (have 1 to 200 points|be two coordinates)"):
        Painting(tuple(points))


@pytest.mark.parametrize(
    ("points", "numbers", "sentence"),
    [
        ((), False, "A painting must have 1 to 200 points, not 0."),
        (((0, 0, 3),), False, f"{EACH} a class from 0 to 2, all whole numbers."),
        (((0, 0, 256),), True, f"{EACH} a number from 0 to 255, all whole numbers."),
    ],
)
def test_a_refusal_says_in_a_sentence_what_is_allowed(
    points: tuple[tuple[int, int, int], ...], numbers: bool, sentence: str
) -> None:
    with pytest.raises(DataError) as refusal:
        Painting(points, numbers)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        *("", "painting", "painting.", "painting.A", "painting.AA", "painting.AgAAAA", "file.AAAA"),
        *("painting.ÄÖ", "painting.AAAAAw==", "painting.AAAAA_", "painting." + "A" * 10_000),
    ],
)
def test_what_spells_no_data_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"^[A-Z][a-z]* .*\.$"):  # one sentence
        read_user_data(text)
    address = read_address({"data": [text]})
    assert address.settings == Settings()
    assert len(address.notices) == 1


def test_a_setting_is_a_name_or_data_of_ones_own() -> None:
    with pytest.raises(SettingsError, match="data must be dummy"):
        Settings(data=((1, 2, 0),))  # type: ignore[arg-type]
