"""The first view: a story in three presses, data as pictures, and a network changed by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Server, advised, figure, in_motion, opened, settled, slider
from tests.test_opening import RECORD, at_rest, seen
from tinynet import Settings, train
from tinynet.links.address import read_address
from tinynet.stage.pictures import pictures
from tinynet.stage.shape import reshaped, shape_of
from tinynet.stage.user_data import A_FILE, offered_data


def test_every_choice_of_data_but_a_file_has_a_picture_of_its_rows() -> None:
    drawn = pictures()

    assert set(drawn) == {name for name, label in offered_data().items() if label != A_FILE}
    for points in drawn.values():
        assert all(0 <= share <= 1 for point in points for share in point[:2])
        assert len({point.colour for point in points}) >= 2


def test_a_picture_shows_the_first_rows_where_they_are() -> None:
    run = train(Settings(data="circles", epochs=1))
    spread = run.inputs[:60] - run.inputs[:60].min(axis=0)
    shares = spread / spread.max(axis=0)
    picture = pictures()["circles"]

    assert [point.x for point in picture] == pytest.approx(shares[:, 0].tolist(), abs=1e-3)
    assert [1 - point.y for point in picture] == pytest.approx(shares[:, 1].tolist(), abs=1e-3)


NOTHING: dict[str, Any] = {}
SENSELESS: list[Any] = [
    *(None, 5, {"layers": [0]}, {"layers": [5] * 7}, {"layers": "8"}, {"layers": [[]]}),
    *({"features": []}, {"features": ["y"]}),
]


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ({"layers": [6]}, {"hidden_units": (6,)}),
        ({"layers": []}, {"hidden_units": ()}),
        ({"features": ["x1", "x1*x2"]}, {"features": ("x1", "x1*x2")}),
        *zip(SENSELESS, [NOTHING] * len(SENSELESS), strict=True),
    ],
)
def test_the_browser_changes_layers_and_features_within_their_limits_alone(
    told: object, changed: dict[str, Any]
) -> None:
    settings = Settings(data="moons")
    assert reshaped(settings, told) == replace(settings, **changed)


def test_only_data_with_two_inputs_have_features_to_switch() -> None:
    assert [each["isOn"] for each in shape_of(Settings(data="xor"))["features"]].count(True) == 2
    assert shape_of(Settings())["features"] == []


@pytest.mark.usefixtures("no_errors")
def test_the_articles_network_is_told_in_three_presses_that_end_with_all_rows_correct(
    page: Page, server: Server
) -> None:
    opened(page, server.address)
    story = page.locator(".st-key-story")
    expect(story).to_contain_text("This is the article's network")

    page.get_by_role("button", name="What happened?").click()
    expect(story).to_contain_text("The loss hardly moved")
    page.get_by_role("button", name="Why?").click()
    expect(story).to_contain_text("The steps were small")
    advised(page).click()

    expect(figure(page, "Correct")).to_have_text("10 of 10")


@pytest.mark.alone  # beside others, the training takes too long to be played after it
@pytest.mark.usefixtures("no_errors")
def test_a_picked_picture_shows_its_network_learning_at_once(page: Page, server: Server) -> None:
    page.add_init_script(RECORD)
    opened(page, server.address)
    in_motion(page)
    page.evaluate("window.seen = []")
    page.get_by_role("radio", name="Moons").click()
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()
    at_rest(page, 200)

    epochs = seen(page)
    epochs = epochs[epochs.index(0) :]  # before, it may have shown the training itself
    assert epochs == sorted(epochs)
    assert len(set(epochs)) > 10
    learned = train(Settings.starting("moons"))
    expect(figure(page, "Correct")).to_have_text(f"{learned.correct.sum()} of 200")

    page.get_by_role("radio", name="Moons").press("ArrowRight")
    page.wait_for_url("**data=gauss**")


@pytest.mark.usefixtures("no_errors")
def test_units_layers_and_features_are_changed_on_the_drawing(page: Page, server: Server) -> None:
    opened(page, f"{server.address}?data=moons&epochs=10")

    page.get_by_role("button", name="One unit more in layer 1").click()
    expect(slider(page, "Hidden units")).to_have_value("6")
    page.get_by_role("button", name="One layer more").click()
    expect(slider(page, "Hidden units, layer 2")).to_have_value("6")
    page.get_by_role("button", name="Feature x₁x₂").click()
    expect(page.get_by_role("button", name="Feature x₁x₂")).to_have_attribute(
        "aria-pressed", "true"
    )
    settled(page)

    wanted = Settings((6, 6), epochs=10, data="moons", features=("x1", "x2", "x1*x2"))
    expect(figure(page, "Loss")).to_have_text(f"{train(wanted).final_loss:.4f}")


@pytest.mark.usefixtures("no_errors")
def test_both_runs_of_a_lesson_stand_side_by_side_and_move_together(
    page: Page, server: Server
) -> None:
    opened(page, f"{server.address}?data=plane&hidden=0&lr=1&epochs=200")
    page.get_by_role("button", name="Side by side").click()
    where = page.locator(".where")
    expect(where).to_have_count(2)

    page.locator(".player").first.press("Home")
    expect(where.nth(1)).to_contain_text("After 0 of 200 epochs")
    page.locator(".player").nth(1).press("ArrowRight")
    expect(where.first).to_contain_text("After 1 of")


@pytest.mark.usefixtures("no_errors")
def test_in_a_frame_of_another_page_the_stage_is_whole_and_the_sliders_wait(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 900, "height": 560})
    opened(page, f"{server.address}?embed=true")
    for part in (".stage", ".bar >> nth=0"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 560
    expect(slider(page, "Epochs")).not_to_be_in_viewport()


@pytest.mark.usefixtures("no_errors")
@pytest.mark.parametrize("size", [(1280, 800), (1366, 768), (1920, 1080)])
def test_the_whole_stage_is_above_the_fold(
    page: Page, server: Server, size: tuple[int, int]
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    opened(page, f"{server.address}?data=moons&hidden=8-8")
    expect(figure(page, "Loss")).to_have_text(final_of_moons())
    for part in (".stage", ".losses", ".figures", ".key"):
        box = page.locator(f".st-key-player {part}").first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= height


def final_of_moons() -> str:
    return f"{train(Settings((8, 8), data='moons')).final_loss:.4f}"


def test_an_address_is_read_as_people_write_it() -> None:
    def read(**query: str) -> Settings:
        address = read_address({name: [value] for name, value in query.items()})
        assert not address.notices
        return address.settings

    assert read(hidden="8,8") == Settings((8, 8))
    assert read(hidden="none") == Settings(())
    assert read(activation="Tanh", data="MOONS") == Settings(activation="tanh", data="moons")
