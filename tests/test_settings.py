"""Settings: the article's values, validation of every knob, one plain type for each."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from tests.setting import KNOBS
from tinynet import Settings, SettingsError


def test_the_defaults_are_the_articles() -> None:
    settings = Settings()

    assert settings.hidden_units == (5,)
    assert settings.learning_rate == 0.01
    assert settings.epochs == 50
    assert settings.device == "cpu"
    assert settings.seed == 0
    assert settings.zero_gradients
    choices = (settings.data, settings.activation, settings.loss, settings.optimizer)
    assert choices == ("dummy", "relu", "mse", "sgd")
    assert (settings.schedule, settings.initialisation) == ("constant", "default")
    assert settings.last_layer_rate == 1
    left_out = (settings.l1, settings.l2, settings.clip, settings.batch_size, settings.test_rows)
    assert not any(left_out)


def test_a_plain_int_is_one_layer_and_a_list_is_a_tuple() -> None:
    layers: Any = [8, 3]

    assert Settings(7).hidden_units == (7,)  # type: ignore[arg-type]
    assert Settings(layers).hidden_units == (8, 3)


def test_equal_settings_are_one_key_however_they_were_written() -> None:
    written: Any = {"hidden_units": np.int64(5), "learning_rate": 1, "epochs": np.int32(50)}

    settings = Settings(**written, seed=np.int64(0))  # type: ignore[arg-type]

    assert settings == Settings(learning_rate=1.0)
    assert hash(settings) == hash(Settings(learning_rate=1.0))
    values = (settings.learning_rate, settings.epochs, settings.seed)
    assert [type(value) for value in values] == [float, int, int]
    assert type(settings.hidden_units[0]) is int


def test_settings_say_the_articles_numbers_and_what_else_differs() -> None:
    article = "hidden_units=(5,), learning_rate=0.01, epochs=50, device='cpu', seed=0"

    assert repr(Settings()) == f"Settings({article})"
    assert repr(Settings(optimizer="adam")) == f"Settings({article}, optimizer='adam')"


def test_the_last_layer_has_a_rate_of_its_own_where_one_is_set() -> None:
    assert Settings((5,), 0.5).rates == (0.5,)
    assert Settings((5,), 0.5, last_layer_rate=4).rates == (0.5, 2.0)


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().epochs = 3  # type: ignore[misc]


@pytest.mark.parametrize(
    ("knob", "nonsense", "allowed"),
    [
        ("hidden_units", 0, "a whole number from 1 to 64"),
        ("hidden_units", 65, "a whole number from 1 to 64"),
        ("hidden_units", (5, 0), "a whole number from 1 to 64"),
        ("hidden_units", 5.0, "a whole number from 1 to 64"),
        ("hidden_units", True, "a whole number from 1 to 64"),
        ("hidden_units", "5", "a whole number from 1 to 64"),
        ("hidden_units", None, "a whole number from 1 to 64"),
        ("hidden_units", (5,) * 7, "0 to 6 layers"),
        ("learning_rate", -0.01, "a number from 0.0001 to 10"),
        ("learning_rate", 0, "a number from 0.0001 to 10"),
        ("learning_rate", 11, "a number from 0.0001 to 10"),
        ("learning_rate", float("nan"), "a number from 0.0001 to 10"),
        ("learning_rate", float("inf"), "a number from 0.0001 to 10"),
        ("learning_rate", True, "a number from 0.0001 to 10"),
        ("learning_rate", "0.1", "a number from 0.0001 to 10"),
        ("epochs", 0, "a whole number from 1 to 10000"),
        ("epochs", 10_001, "a whole number from 1 to 10000"),
        ("epochs", 1.5, "a whole number from 1 to 10000"),
        ("seed", -1, "a whole number from 0 to 999"),
        ("seed", 1_000, "a whole number from 0 to 999"),
        ("device", "tpu", "cpu, cuda, mps or xpu"),
        ("device", "cuda:", "cpu, cuda, mps or xpu"),
        ("device", "cpu\n", "cpu, cuda, mps or xpu"),
        ("zero_gradients", 1, "True or False"),
        ("zero_gradients", "no", "True or False"),
        ("device", 0, "cpu, cuda, mps or xpu"),
    ],
)
def test_nonsense_is_refused_with_the_knob_the_value_and_what_is_allowed(
    knob: str, nonsense: Any, allowed: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings(**{knob: nonsense})

    message = str(refusal.value)
    assert knob in message
    assert allowed in message
    shown = len(nonsense) if "layers" in allowed else nonsense
    shown = 0 if shown == (5, 0) else shown
    assert repr(shown)[:20] in message


def test_a_refusal_is_a_value_error_and_stays_short() -> None:
    with pytest.raises(ValueError, match="epochs must be") as refusal:
        Settings(epochs="9" * 20_000)  # type: ignore[arg-type]

    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize("huge", [10**400, -(10**5_000), 1e300], ids=["400", "5000", "float"])
def test_a_number_too_large_to_write_out_is_refused_too(huge: float) -> None:
    with pytest.raises(SettingsError, match="learning_rate must be a number from"):
        Settings(learning_rate=huge)


@pytest.mark.parametrize("name", ["cpu", "cuda", "cuda:1", "mps", "xpu:0"])
def test_every_device_that_pytorch_names_is_taken(name: str) -> None:
    assert Settings(device=name).device == name


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_every_stop_is_in_range_in_order_and_the_article_is_one_of_them(knob: Any) -> None:
    assert list(knob.stops) == sorted(set(knob.stops))
    assert (knob.stops[0], knob.stops[-1]) == (knob.minimum, knob.maximum)
    assert knob.article in knob.stops
    assert [knob.check(stop) for stop in knob.stops] == list(knob.stops)


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_what_a_stop_is_written_as_reads_back_as_that_stop(knob: Any) -> None:
    from tinynet.settings import number_text

    assert [knob.read(number_text(stop)) for stop in knob.stops] == list(knob.stops)
