"""The knobs: their stops, their texts and the values that they allow."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.setting import KNOBS
from tinynet import Settings, SettingsError
from tinynet.settings import EPOCHS, HIDDEN_UNITS, LEARNING_RATE, SEED, differences, meaningful
from tinynet.settings import KNOBS as KNOBS_OF_SETTINGS
from tinynet.user_data import Painting


@pytest.mark.parametrize(
    ("knob", "nonsense", "sentence"),
    [
        ("hidden_units", 0, "hidden_units must be a whole number from 1 to 64, not 0."),
        ("learning_rate", 11, "learning_rate must be a number from 0.0001 to 10, not 11."),
        ("epochs", "5", "epochs must be a whole number from 1 to 10000, not '5'."),
        ("seed", -1, "seed must be a whole number from 0 to 999, not -1."),
        ("zero_gradients", 1, "zero_gradients must be True or False, not 1."),
        (
            *("hidden_units", (1,) * 7),
            "hidden_units must hold the widths of 0 to 6 layers, not 7.",
        ),
        (
            *("device", "tpu"),
            "device must be cpu, cuda, mps or xpu, with an index if needed (cuda:1), not 'tpu'.",
        ),
        ("seed", "9" * 22, f"seed must be a whole number from 0 to 999, not '{'9' * 22}'."),
        ("seed", "9" * 23, f"seed must be a whole number from 0 to 999, not '{'9' * 23}…."),
        ("seed", 10**24, f"seed must be a whole number from 0 to 999, not 1{'0' * 23}…."),
        ("seed", 10**24 + 1, "seed must be a whole number from 0 to 999, not 1.00e+24."),
    ],
    ids=lambda each: str(each)[:12],
)
def test_a_refusal_says_knob_rule_and_value_in_a_sentence(
    knob: str, nonsense: Any, sentence: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings(**{knob: nonsense})

    assert str(refusal.value) == sentence


def test_a_number_may_be_written_with_24_characters_and_no_more() -> None:
    assert LEARNING_RATE.read("0." + "1" * 22) == float("0." + "1" * 22)
    with pytest.raises(SettingsError):
        LEARNING_RATE.read("0." + "1" * 23)


def test_the_stops_go_1_2_5_and_every_unit_and_seed_is_one() -> None:
    steps = [step * 10**decade for decade in range(5) for step in (1, 2, 5)]

    assert list(EPOCHS.stops) == [stop for stop in steps if stop <= 10_000]
    assert LEARNING_RATE.stops == pytest.approx([*(s / 10_000 for s in steps), 10])
    assert list(HIDDEN_UNITS.stops) == list(range(1, 65))
    assert list(SEED.stops) == list(range(1_000))


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        *((name, "125") for name in ("rows", "last_layer_rate", "batch_size", "clip")),
        *((name, "13") for name in ("l1", "l2")),
    ],
)
def test_the_other_stops_are_round_too(name: str, digits: str) -> None:
    (knob,) = (each for each in KNOBS_OF_SETTINGS if each.name == name)
    stops: list[float] = list(getattr(knob, "stops", ()))
    first_digits = [f"{stop:.6f}".strip("0.") for stop in stops if stop]

    assert stops == sorted(set(stops))
    assert stops[0] == getattr(knob, "minimum", None)
    assert set(first_digits) == set(digits)


@pytest.mark.parametrize(("name", "step", "last"), [("noise", 0.05, 1.0), ("test_share", 0.1, 0.9)])
def test_noise_and_test_rows_go_in_even_steps(name: str, step: float, last: float) -> None:
    (knob,) = (each for each in KNOBS_OF_SETTINGS if each.name == name)
    stops: list[float] = list(getattr(knob, "stops", ()))

    assert (stops[0], stops[-1]) == (0, last)
    assert stops == sorted(set(stops))
    assert [stop / step for stop in stops] == pytest.approx([round(stop / step) for stop in stops])


@pytest.mark.parametrize("knob", KNOBS_OF_SETTINGS, ids=lambda knob: knob.name)
def test_a_knob_is_labelled_and_explained_in_plain_words(knob: Any) -> None:
    for text in (knob.label, knob.meaning):
        assert re.match(r"[A-Z][a-z]*[0-9]?( |$)", text)
    assert knob.meaning.endswith(".")


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("rows", "a whole number from 10 to 1000"),
        ("clip", "a number from 0 to 10"),
        ("schedule", "constant, step, exponential or cosine"),
        ("weight_seed", "a whole number from 0 to 999, or None"),
        ("features", "one or more of x1, x2, x1^2, x2^2, x1*x2, sin(x1) and sin(x2), each once"),
        (
            "hidden_units",
            "a whole number from 1 to 64, for each of up to 6 layers, as in 8-5-3, or 0 for none",
        ),
    ],
)
def test_what_is_allowed_is_said_in_words(name: str, allowed: str) -> None:
    (knob,) = (each for each in KNOBS_OF_SETTINGS if each.name == name)

    assert knob.allowed == allowed


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("seed", 0, "seed 0"),
        ("epochs", 10_000, "epochs 10,000"),
        ("learning_rate", 0.05, "learning rate 0.05"),
        ("batch_size", 0, "batch size all rows"),
        ("features", ("x1", "x2", "sin(x1)"), "features x1, x2 and sin(x1)"),
        ("hidden_units", (8, 5), "hidden units 8 and 5"),
        ("hidden_units", (), "hidden units none"),
        ("weight_seed", 7, "weights from seed 7"),
        ("weight_seed", 0, "weights from seed 0"),
        ("weight_seed", None, "weights drawn after the data"),
    ],
)
def test_a_value_is_told_as_people_read_it(name: str, value: Any, words: str) -> None:
    (knob,) = (each for each in KNOBS_OF_SETTINGS if each.name == name)

    assert knob.in_words(value) == words


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("learning_rate", 0.01, "lr0.01"),
        ("hidden_units", (8, 3), "hidden8-3"),
        ("features", ("x1", "x1*x2"), "featuresx1,x1x2"),
        ("data", "moons", "datamoons"),
        ("data", Painting(((0, 0, 0),)), "datapainting"),
        ("zero_gradients", False, "without_zero_grad"),
        ("device", "cuda:1", "cuda1"),
        ("weight_seed", 7, "weight_seed7"),
        ("weight_seed", None, "weight_seednone"),
    ],
)
def test_a_value_is_a_plain_part_of_a_file_name(name: str, value: Any, part: str) -> None:
    (knob,) = (each for each in KNOBS_OF_SETTINGS if each.name == name)

    assert knob.in_a_file_name(value) == part


def test_the_knobs_are_labelled() -> None:
    assert [knob.label for knob in KNOBS] == ["Hidden units", "Learning rate", "Epochs", "Seed"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings((8, 3)), ["hidden units 8 and 3"]),
        (Settings(learning_rate=1), ["learning rate 1"]),
        (Settings(epochs=10_000), ["epochs 10,000"]),
        (Settings(device="cuda:1"), ["device cuda:1"]),
        (Settings(seed=4), ["seed 4"]),
        (Settings(weight_seed=7), ["weights from seed 7"]),
        (Settings(zero_gradients=False), ["zero_grad() forgotten"]),
        (Settings(last_layer_rate=0.5), ["last layer's rate ×0.5"]),
        (Settings((7,), seed=4), ["hidden units 7", "seed 4"]),
        (Settings(), []),
    ],
    ids=str,
)
def test_what_differs_is_told_as_the_first_has_it(settings: Settings, words: list[str]) -> None:
    assert differences(settings, Settings()) == words
    assert len(differences(Settings(), settings)) == len(words)


def test_a_batch_of_all_rows_is_told_so_beside_a_smaller_one() -> None:
    assert differences(Settings(), Settings(batch_size=5)) == ["batch size all rows"]


def test_a_kept_zero_grad_is_told_beside_one_that_was_forgotten() -> None:
    assert differences(Settings(), Settings(zero_gradients=False)) == ["zero_grad() kept"]


def test_a_whole_number_is_not_made_of_a_broken_one() -> None:
    assert EPOCHS.read("2E2") == 200
    with pytest.raises(SettingsError):
        EPOCHS.read("1.5")


DOTS = Painting(((0, 0, 0), (9, 9, 1), (99, 9, 1)))  # a tenth of these is less than a row
NONSENSE: dict[str, list[Any]] = {
    "data": ["", "mnist", 3, None],
    "rows": [9, 1_001, 10.0, True],
    "noise": [-0.1, 1.1, float("nan"), "0.1"],
    "test_share": [-0.1, 0.91, None],
    "features": [(), ("x3",), ("x1", "x1"), "x1", [["x1"]]],
    "activation": ["swish", None],
    "loss": ["", "nll"],
    "optimizer": ["SGD", 0],
    "schedule": ["never"],
    "last_layer_rate": [-1, 10_001, "1", True, float("nan")],
    "l1": [-1, 1.5],
    "l2": [-1, 1.5, True],
    "batch_size": [-1, 1_001, 2.5],
    "initialisation": ["ones"],
    "clip": [-1, 10.5, float("inf")],
    "keep": ["worst", None],
    "weight_seed": [-1, 1_000, 1.0, True, "7", "none"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, each) for name, values in NONSENSE.items() for each in values]
)
def test_nonsense_for_a_knob_of_the_network_is_refused_likewise(name: str, value: Any) -> None:
    knob = next(each for each in KNOBS_OF_SETTINGS if each.name == name)
    with pytest.raises(SettingsError) as refusal:
        Settings(**{"data": "moons", name: value})

    assert str(refusal.value).startswith(f"{name} must be {knob.allowed}, not ")
    assert refusal.value.knob == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"rows": 500, "noise": 0.7, "features": ("x2",)}),
        ({"data": "curve"}, {"data": "curve", "features": ("x1^2",)}),
        ({"hidden_units": ()}, {"hidden_units": (), "activation": "gelu"}),
        ({"hidden_units": ()}, {"hidden_units": (), "last_layer_rate": 10}),
        ({}, {"batch_size": 10}),
        ({"data": "moons"}, {"data": "moons", "batch_size": 200}),
        ({"test_share": 0.5}, {"test_share": 0.5, "batch_size": 5}),
        ({}, {"test_share": 0.04}),
        ({"epochs": 1}, {"epochs": 1, "schedule": "cosine"}),
        ({"optimizer": "adamw"}, {"optimizer": "adamw", "l2": 0.01}),
        (
            {"data": "xor", "features": ("x1", "x2^2")},
            {"data": "xor", "features": ["x2^2", "x1"]},
        ),
        ({"l1": 0.0}, {"l1": -0.0}),
        ({"data": DOTS, "seed": 7}, {"data": DOTS, "weight_seed": 7}),
        ({"data": DOTS, "seed": 7}, {"data": DOTS, "seed": 3, "weight_seed": 7}),
        (
            {"data": DOTS, "test_share": 0.1, "seed": 7},
            {"data": DOTS, "test_share": 0.1, "seed": 3, "weight_seed": 7},
        ),
    ],
)
def test_settings_that_mean_the_same_run_are_equal(one: Any, other: Any) -> None:
    assert Settings(**one) == Settings(**other)
    assert hash(Settings(**one)) == hash(Settings(**other))


def test_the_two_seeds_are_two_where_the_rows_are_drawn_or_those_for_the_test() -> None:
    drawn = [{"data": "dummy"}, {"data": "moons"}, {"data": DOTS, "test_share": 0.5}]
    for data in drawn:
        settings = Settings(**data, seed=3, weight_seed=7)  # type: ignore[arg-type]

        assert (settings.seed, settings.weight_seed) == (3, 7)
        assert "weight_seed" in {knob.name for knob in meaningful(settings)}
        assert repr(settings).endswith("weight_seed=7)")
    settings = Settings(data=DOTS, seed=3, weight_seed=7)
    assert (settings.seed, settings.weight_seed) == (7, None)
    assert "weight_seed" not in {knob.name for knob in meaningful(settings)}


def test_cross_entropy_is_for_classes_alone() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings(data="plane", loss="bce")

    data = "data plane, whose targets are any numbers"
    assert str(refusal.value) == f"loss must be mse, l1 or huber with {data}, not 'bce'."


def test_the_knobs_with_a_meaning_are_those_that_can_change_the_run() -> None:
    hidden = {knob.name for knob in KNOBS_OF_SETTINGS} - {
        knob.name for knob in meaningful(Settings(hidden_units=()))
    }

    assert hidden == {
        *("rows", "noise", "scale", "features", "activation", "last_layer_rate", "keep"),
    }
    assert meaningful(Settings(data="flats", test_share=0.5)) == KNOBS_OF_SETTINGS
