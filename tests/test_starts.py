"""The starting settings: their values, and that they learn the data."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.benchmarks.starts import cases, learned, trained
from tinynet import Settings, SettingsError
from tinynet.links.address import read_address
from tinynet.registry.data_sets import DATA_SETS, START
from tinynet.settings import differences
from tinynet.user_data import UserData

CASES: Mapping[str, str | UserData] = cases()


@pytest.mark.slow
@pytest.mark.parametrize("data", CASES.values(), ids=CASES)
def test_what_starts_from_its_settings_is_learned_with_most_seeds(data: str | UserData) -> None:
    assert sum(map(learned, trained(data, 5))) >= 4


def test_the_measure_calls_nothing_learned_that_is_not() -> None:
    assert not any(map(learned, trained("spiral", 3, epochs=5)))
    assert not any(map(learned, trained("curve", 3, epochs=5)))
    assert not any(map(learned, trained("arms", 3, epochs=5)))


def test_the_articles_batch_starts_from_the_articles_settings() -> None:
    assert Settings.starting("dummy") == Settings()


@pytest.mark.parametrize("name", DATA_SETS)
def test_settings_to_start_from_are_what_the_entry_says_and_the_articles_else(name: str) -> None:
    entry = DATA_SETS[name]

    assert Settings.starting(name) == Settings(data=name, **entry.start)


def test_other_values_stand_beside_or_in_place_of_those_to_start_from() -> None:
    settings = Settings.starting("moons", seed=3, epochs=7)

    assert (settings.seed, settings.epochs) == (3, 7)
    assert settings.hidden_units == START["hidden_units"]


def test_what_is_no_data_has_no_start() -> None:
    with pytest.raises(SettingsError, match="data must be dummy, "):
        Settings.starting("nonsense")


@pytest.mark.parametrize("name", DATA_SETS)
def test_an_address_that_names_the_data_and_no_more_means_the_articles_knobs(name: str) -> None:
    settings = read_address({"data": [name]}).settings

    assert settings == Settings(data=name)
    article = Settings()
    others = ("hidden_units", "learning_rate", "epochs", "activation", "optimizer", "test_share")
    assert [getattr(settings, each) for each in others] == [
        getattr(article, each) for each in others
    ]


def test_a_script_that_names_the_data_and_no_more_has_the_articles_knobs() -> None:
    assert Settings(data="moons").hidden_units == (5,)
    assert "hidden units 16 and 16" in differences(
        Settings.starting("moons"), Settings(data="moons")
    )
