"""The sidebar: the sliders of every network, the effect of the knobs, and the address."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.combinations import drawn
from tests.page_in_app_test import opened, script_of
from tests.test_app import figures, is_told_of_start
from tinynet import Settings
from tinynet.links.address import View, read_address, shortened
from tinynet.registry import activations
from tinynet.registry.activations import Activation
from tinynet.settings import KNOBS
from tinynet.stage.user_data import STARTER
from tinynet.ui.sidebar.sidebar import MORE

MOONS = {"data": "moons"}
FLATS, HELD_OUT = {"data": "flats"}, {"data": "moons", "test": "0.3"}
TURNED = [
    ({}, "selectbox", "data", "moons", Settings.starting("moons")),
    (MOONS, "select_slider", "rows", 50, Settings(data="moons", rows=50)),
    (MOONS, "select_slider", "noise", 0.3, Settings(data="moons", noise=0.3)),
    (MOONS, "select_slider", "test", 0.3, Settings(data="moons", test_share=0.3)),
    (
        MOONS,
        "multiselect",
        "features",
        ["x1", "x1*x2"],
        Settings(data="moons", features=("x1", "x1*x2")),
    ),
    ({}, "selectbox", "activation", "tanh", Settings(activation="tanh")),
    ({}, "selectbox", "loss", "bce", Settings(loss="bce")),
    ({}, "selectbox", "optimizer", "adam", Settings(optimizer="adam")),
    ({}, "selectbox", "schedule", "cosine", Settings(schedule="cosine")),
    ({}, "select_slider", "last", 10, Settings(last_layer_rate=10)),
    ({}, "select_slider", "l1", 0.01, Settings(l1=0.01)),
    ({}, "select_slider", "l2", 0.01, Settings(l2=0.01)),
    ({}, "select_slider", "batch", 5, Settings(batch_size=5)),
    ({}, "selectbox", "init", "xavier", Settings(initialisation="xavier")),
    ({}, "select_slider", "clip", 0.5, Settings(clip=0.5)),
    ({}, "select_slider", "weight_seed", 7, Settings(weight_seed=7)),
    (FLATS, "selectbox", "scale", "raw", Settings(data="flats", scale="raw")),
    (HELD_OUT, "selectbox", "keep", "best", Settings(data="moons", test_share=0.3, keep="best")),
]


def shown(page: AppTest) -> Settings:
    """Return the settings in the current address of the page."""
    values = {name: page.query_params[name] for name in page.query_params}
    address = read_address(
        {name: [each] if isinstance(each, str) else each for name, each in values.items()}
    )
    assert address.notices == ()
    return address.settings


def more(page: AppTest) -> str:
    told = (each.value for each in page.caption if each.value.startswith("Changed in *More*: "))
    return str(next(told, ""))


def with_more_open(**query: str) -> AppTest:
    page = opened(**query)
    page.session_state[MORE] = True
    return page.run()


def drawn_knobs(page: AppTest) -> set[str | None]:
    kinds = ("selectbox", "select_slider", "multiselect")
    return {each.key for kind in kinds for each in page.get(kind)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "kind", "key", "value", "meant"), TURNED, ids=lambda each: str(each)[:12]
)
def test_each_knob_drives_the_run_and_stands_in_the_address(
    query: dict[str, str], kind: str, key: str, value: Any, meant: Settings
) -> None:
    page = with_more_open(**query)
    getattr(page, kind)(key=key).set_value(value).run()

    assert not page.exception
    assert shown(page) == meant
    again = opened(**shortened(meant, View()))
    assert figures(again) | {"Training time": ""} == figures(page) | {"Training time": ""}


def test_every_knob_has_a_widget_or_is_one_of_the_articles() -> None:
    assert {key for _, _, key, _, _ in TURNED} | {
        "hidden",
        "lr",
        "epochs",
        "device",
        "seed",
        "forget",
    } == {knob.parameter for knob in KNOBS}


def test_the_article_has_no_knob_that_means_nothing_for_it() -> None:
    page = with_more_open()

    assert more(page) == ""
    assert not {"rows", "noise", "features"} & drawn_knobs(page)
    page.selectbox(key="data").set_value("curve").run()
    assert {"rows", "noise"} <= drawn_knobs(page)
    assert "features" not in drawn_knobs(page)


def test_a_closed_more_draws_none_of_its_knobs_and_keeps_what_they_are_set_to() -> None:
    page = with_more_open(data="moons")
    page.select_slider(key="rows").set_value(50).run()
    page.session_state[MORE] = False
    page.run()

    in_front = {"activation", "optimizer", "noise", "test", "batch"}
    assert drawn_knobs(page) == {"data", "lr", "epochs", *in_front}
    page.slider(key="hidden").set_value(7).run()
    assert shown(page) == Settings((7,), data="moons", rows=50)


def test_more_says_what_in_it_is_not_the_articles() -> None:
    page = opened(data="moons", init="zeros", rows="50")

    assert more(page) == "Changed in *More*: rows 50, weight initialisation Zeros"


def test_new_first_weights_are_told_below_more_and_the_seed_takes_them_back() -> None:
    page = opened(data="moons", seed="3")
    page.button(key="new weights").click().run()
    drawn = shown(page).weight_seed

    assert shown(page) == Settings(data="moons", seed=3, weight_seed=drawn)
    assert more(page) == f"Changed in *More*: weights from seed {drawn}"
    page.session_state[MORE] = True
    page.run()
    assert page.select_slider(key="weight_seed").value == drawn
    page.slider(key="seed").set_value(4).run()
    assert shown(page) == Settings(data="moons", seed=4)
    assert more(page) == ""
    page.run()
    assert page.select_slider(key="weight_seed").value is None


def test_a_seed_of_the_weights_is_any_or_none_whose_stop_says_what_that_means() -> None:
    (seed,) = (each for each in with_more_open().select_slider if each.key == "weight_seed")

    assert seed.value is None
    assert seed.options == ["drawn after the data", *map(str, range(1_000))]


def test_where_the_weights_alone_are_drawn_there_is_one_seed() -> None:
    page = with_more_open(data=STARTER.text())
    page.button(key="new weights").click().run()

    assert "weight_seed" not in drawn_knobs(page)
    assert "weight_seed" not in page.query_params
    assert page.slider(key="seed").value == shown(page).seed != 0
    page.select_slider(key="test").set_value(0.5).run()
    assert "weight_seed" in drawn_knobs(page)


def test_a_batch_of_all_rows_is_called_so() -> None:
    (batch,) = (each for each in with_more_open().select_slider if each.key == "batch")

    assert batch.options[:3] == ["all rows", "1", "2"]


def test_layers_are_added_and_removed_and_each_has_its_width() -> None:
    page = opened()
    page.button(key="Add a layer").click().run()
    page.slider(key="hidden 2").set_value(3).run()

    assert shown(page) == Settings((5, 3))
    assert [each.label for each in page.slider if "Hidden" in each.label] == [
        "Hidden units, layer 1",
        "Hidden units, layer 2",
    ]
    for _ in range(2):
        page.button(key="Remove a layer").click().run()
    assert shown(page) == Settings(())
    assert page.button(key="Remove a layer").disabled
    assert figures(page)["Parameters"] == "11"


def test_there_are_six_layers_at_most() -> None:
    page = opened(hidden="2-2-2-2-2")
    page.button(key="Add a layer").click().run()

    assert shown(page).hidden_units == (2, 2, 2, 2, 2, 5)
    assert page.button(key="Add a layer").disabled


def test_a_loss_that_does_not_suit_the_data_gives_way() -> None:
    page = with_more_open(data="moons", loss="bce")
    page.selectbox(key="data").set_value("plane").run()

    assert not page.exception
    assert shown(page) == Settings.starting("plane")
    assert "Cross-entropy" not in page.selectbox(key="loss").options
    assert page.selectbox(key="loss").value == "mse"


@pytest.mark.slow
@pytest.mark.parametrize("is_open", [True, False])
def test_three_blobs_are_trained_with_cross_entropy_and_what_comes_next_with_its_own(
    *, is_open: bool
) -> None:
    page = opened()
    page.session_state[MORE] = is_open
    page.run().selectbox(key="data").set_value("blobs").run()

    assert not page.exception
    assert shown(page) == Settings.starting("blobs")
    assert shown(page).loss == "cross_entropy"
    assert "loss Cross-entropy (softmax)" in more(page)
    if is_open:
        labels = ["Cross-entropy (softmax)", "Cross-entropy (softmax), balanced"]
        assert page.selectbox(key="loss").options == labels
        assert page.selectbox(key="loss").value == "cross_entropy"
    for data in ("moons", "arms", "curve"):
        page.selectbox(key="data").set_value(data).run()
        assert not page.exception
        assert shown(page) == Settings.starting(data)


def test_features_that_were_all_taken_away_are_the_inputs_again() -> None:
    page = with_more_open(data="moons", features="x1^2")
    page.multiselect(key="features").set_value([]).run()

    assert shown(page) == Settings(data="moons")
    assert page.multiselect(key="features").value == ["x1", "x2"]


def test_back_to_the_article_resets_every_knob() -> None:
    settings = next(
        each for each in drawn(200) if each.data == "spiral" and len(each.hidden_units) == 2
    )
    page = opened(**shortened(settings, View()))
    page.button(key="back").click().run()

    assert shown(page) == Settings()
    assert not dict(page.query_params)
    assert more(page) == ""
    page.button(key="Add a layer").click().run()
    assert shown(page) == Settings((5, 5))


def test_what_a_hidden_knob_was_set_to_comes_back_with_it() -> None:
    page = opened(data="moons", rows="50")
    page.selectbox(key="data").set_value("dummy").run()
    assert shown(page) == Settings()
    page.selectbox(key="data").set_value("circles").run()

    assert shown(page) == Settings.starting("circles", rows=50)


def test_data_bring_their_settings_along_which_is_told_and_can_be_undone() -> None:
    page = opened(lr="0.5", seed="3")
    page.selectbox(key="data").set_value("moons").run()
    assert shown(page) == Settings.starting("moons", seed=3)
    assert is_told_of_start(page)

    page.button(key="undo").click().run()
    assert shown(page) == Settings(data="moons", learning_rate=0.5, seed=3)
    assert not is_told_of_start(page)
    page.selectbox(key="data").set_value("circles").run()
    page.slider(key="seed").set_value(4).run()
    assert shown(page) == Settings.starting("circles", seed=4)
    assert not is_told_of_start(page)


@pytest.mark.slow
@pytest.mark.parametrize("tab", ["Watch", "Look inside", "Code"])
def test_every_tab_can_be_drawn_for_any_network(tab: str) -> None:
    for settings in drawn(1_000, seed=3)[::67]:
        page = opened(**shortened(settings, View(tab)))

        assert not page.exception, settings
        assert not page.error, settings
        assert shown(page) == settings


def test_an_entry_of_a_table_is_offered_and_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Activation("Hard tanh", "cuts the sum off at -1 and 1", "nn.Hardtanh()")
    monkeypatch.setitem(activations.ACTIVATIONS, "hardtanh", entry)
    page = with_more_open()
    page.selectbox(key="activation").set_value("hardtanh").run()

    assert "Hard tanh" in page.selectbox(key="activation").options
    assert shown(page) == Settings(activation="hardtanh")
    assert "nn.Hardtanh()" in script_of(opened(activation="hardtanh", tab="Code"))
