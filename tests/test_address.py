"""Address: the meaning of a link, and the handling of an invalid one."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.combinations import drawn
from tinynet import Settings
from tinynet.links.address import View, beside, foreign, permalink, read_address, shortened

CHOICES = [
    Settings(),
    Settings((64,), 10.0, 10_000, "cuda:1", 999),
    Settings((1,), 0.0001, 1),
    Settings((7,), 0.013, 77, seed=5),
    Settings(learning_rate=0.012345678901234567),
    Settings(zero_gradients=False),
]
JUNK = [
    *("abc", "nan", "inf", "-inf", "1e999", "-1", "0x10", "1_0", "9" * 20_000, "", " ", "5 ", "٥"),
    *("<script>alert(1)</script>", "`x`", "Nothing", "True", "1,000", "%00", "\x00", "1e-400"),
    *("www.example.com", "__bold__", "http://example.com"),
]


@pytest.mark.parametrize("settings", CHOICES)
def test_a_permalink_spells_out_every_value_and_reads_back(settings: Settings) -> None:
    query = parse_qs(urlsplit(permalink("http://host/", settings, View())).query)

    names = "hidden lr epochs device seed forget data rows noise test scale features activation"
    more = "loss optimizer schedule last l1 l2 batch init weight_seed clip keep"
    assert set(query) == {*names.split(), *more.split(), "v", "tab", "epoch"}
    assert read_address(query).settings == settings
    assert read_address(query).notices == ()


@pytest.mark.parametrize("settings", CHOICES)
def test_the_short_form_holds_what_differs_from_the_article_and_reads_back(
    settings: Settings,
) -> None:
    short = shortened(settings, View())

    assert read_address({name: [text] for name, text in short.items()}).settings == settings
    assert len(short) == sum(
        getattr(settings, name) != getattr(Settings(), name)
        for name in ("hidden_units", "learning_rate", "epochs", "device", "seed", "zero_gradients")
    )


def test_a_number_may_be_written_in_any_decimal_way() -> None:
    query = {"lr": ["1e-1"], "epochs": ["2e2"], "hidden": ["08"], "seed": ["3.0"]}

    assert read_address(query).settings == Settings((8,), 0.1, 200, seed=3)


@pytest.mark.parametrize("name", ["hidden", "lr", "epochs", "seed", "device", "forget"])
@pytest.mark.parametrize("junk", JUNK)
def test_junk_leaves_the_articles_value_and_a_notice(name: str, junk: str) -> None:
    address = read_address({name: [junk]})

    assert address.settings == Settings()
    assert len(address.notices) == 1
    assert "The article's" in address.notices[0]
    assert len(address.notices[0]) < 200


@pytest.mark.parametrize("junk", JUNK)
def test_nothing_that_could_be_markup_is_echoed(junk: str) -> None:
    notice = read_address({"hidden": [junk]}).notices[0]

    assert not set(notice) & set("<>`*_[]()#$\\\n")
    assert "www" not in notice


def test_a_repeated_name_is_refused() -> None:
    address = read_address({"hidden": ["6", "7"]})

    assert address.settings == Settings()
    assert "more than once" in address.notices[0]


def test_unknown_names_and_versions_are_said_but_harmless() -> None:
    address = read_address({"hiden": ["7"], "v": ["9"], "epochs": ["100"]})

    assert address.settings == Settings(epochs=100)
    assert len(address.notices) == 2


def test_what_hosts_and_newsletters_append_is_passed_over() -> None:
    query = {"utm_source": ["x"], "__theme": ["dark"], "hidden": ["7"]}

    assert read_address(query).notices == ()
    assert set(foreign(query)) == {"utm_source", "__theme"}


@pytest.mark.parametrize("view", [View(), View("Code"), View("Look inside", 7)])
def test_the_view_stands_in_both_forms_of_the_address_where_it_is_not_the_opening(
    view: View,
) -> None:
    link = parse_qs(urlsplit(permalink("http://host/", Settings(), view)).query)
    short = shortened(Settings(), view)

    assert read_address(link).view == view
    assert read_address({name: [text] for name, text in short.items()}).view == view
    assert ("tab" in short, "epoch" in short) == (view.tab != "Watch", view.epoch is not None)


@pytest.mark.parametrize("epoch", ["50", "-1", "x", "1e1", "", "9" * 5_000, "٥"])
def test_an_epoch_that_is_not_in_the_run_is_said(epoch: str) -> None:
    address = read_address({"epoch": [epoch]})

    assert address.view == View()
    assert "0 to 49" in address.notices[0]


def test_a_tab_that_is_not_here_is_said() -> None:
    address = read_address({"tab": ["Cellar"]})

    assert address.view == View()
    assert "Watch, Look inside, Compare, Code" in address.notices[0]


def test_one_bad_value_does_not_spoil_the_others() -> None:
    address = read_address({"lr": ["NaN"], "hidden": ["9"]})

    assert address.settings == Settings((9,))
    assert len(address.notices) == 1


EPOCHS_RULE = "it must be a whole number from 1 to 10000. The article's 50 is used."
DEVICES = "cpu, cuda, mps or xpu, with an index if needed (cuda:1)"
SWITCH_RULE = "it must be true or false. The article's false is used."
KNOWN = (
    "activation, batch, clip, data, device, epoch, epochs, features, forget, hidden, init, keep, "
    "l1, l2, last, lesson, loss, lr, map, noise, optimizer, pin, present, rows, scale, schedule, "
    "seed, tab, test, weight_seed"
)


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("epochs=-5", f"Epochs: the link says “-5”; {EPOCHS_RULE}"),
        ("epochs=ABC", f"Epochs: the link says “ABC”; {EPOCHS_RULE}"),
        ("epochs=", f"Epochs: the link says nothing; {EPOCHS_RULE}"),
        ("epochs=1&epochs=2", f"Epochs: the link says it more than once; {EPOCHS_RULE}"),
        ("epochs=<b>", f"Epochs: the link says something unreadable; {EPOCHS_RULE}"),
        (
            "device=tpu",
            f"Device: the link says “tpu”; it must be {DEVICES}. The article's cpu is used.",
        ),
        (
            "forget=yes",
            f"Forget zero_grad(): the link says “yes”; {SWITCH_RULE}",
        ),
        (
            "tab=Attic",
            "The link names an unknown tab; the tabs are Watch, Look inside, Compare, Code.",
        ),
        ("epoch=50", "The link names an epoch that does not exist; the epochs are 0 to 49."),
        ("epochs=9&epoch=9", "The link names an epoch that does not exist; the epochs are 0 to 8."),
        ("present=yes", "The link has an invalid value of present; it must be 1."),
        ("present=1&present=1", "The link has an invalid value of present; it must be 1."),
        ("v=9", "This link is from another version of TinyNet and may have meant something else."),
        ("hiden=7", f"Ignored unknown parameters in this link. The known ones are {KNOWN}."),
    ],
)
def test_what_made_no_sense_is_told_in_a_sentence(query: str, notice: str) -> None:
    assert read_address(parse_qs(query, keep_blank_values=True)).notices == (notice,)


def test_a_permalink_to_the_letter() -> None:
    link = permalink("http://host/", Settings((9,), 1, 100, "cuda:1", 4), View("Look inside", 7))

    values = (
        "hidden=9&lr=1&epochs=100&device=cuda:1&seed=4&forget=false&data=dummy&rows=200&noise=0.1&"
        "test=0&scale=standardised&features=x1,x2&activation=relu&loss=mse&optimizer=sgd&"
        "schedule=constant&last=1&l1=0&l2=0&batch=0&init=default&weight_seed=none&clip=0&keep=last&"
        "tab=Look+inside&epoch=7"
    )
    assert link == f"http://host/?v=2&{values}"


def test_a_seed_of_the_weights_stands_in_the_address_where_they_have_one() -> None:
    settings = Settings(weight_seed=7)

    assert shortened(settings, View()) == {"weight_seed": "7"}
    assert read_address({"weight_seed": ["7"]}).settings == settings
    for query in ({}, {"weight_seed": ["none"]}):
        assert read_address(query).settings == Settings()
        assert read_address(query).notices == ()
    rule = "it must be a whole number from 0 to 999, or none. The article's none is used."
    (notice,) = read_address({"weight_seed": ["1000"]}).notices
    assert notice == f"Seed of the weights: the link says “1000”; {rule}"


def test_that_one_presents_stands_in_the_address_and_in_the_permalink() -> None:
    view = View(presented=True)

    assert beside(view) == {"present": ["1"]}
    assert permalink("http://host/", Settings(), view).endswith("&tab=Watch&epoch=49&present=1")
    assert read_address({"present": ["1"]}).view == view
    assert read_address({"present": ["1"]}).notices == ()
    assert not read_address({"present": ["0"]}).view.presented


def test_the_first_epoch_can_be_linked_to() -> None:
    address = read_address({"tab": ["Look inside"], "epoch": ["0"]})

    assert address.view == View("Look inside", 0)
    assert address.notices == ()


NEW = (
    *("data", "rows", "noise", "test", "features", "activation", "loss", "optimizer", "schedule"),
    *("last", "l1", "l2", "batch", "init", "clip", "weight_seed", "scale"),
)
MORE_JUNK = [each for each in JUNK if each != "1e-400"]  # knobs that allow 0 accept it
MORE_JUNK += ["x1,,x2", "M00NS", "__class__", "-0.1"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize("junk", MORE_JUNK)
def test_junk_for_a_knob_of_the_network_leaves_the_articles_value(name: str, junk: str) -> None:
    address = read_address({name: [junk]})

    assert address.settings == Settings()
    assert len(address.notices) == 1
    assert len(address.notices[0]) < 250


@pytest.mark.parametrize(("text", "layers"), [("0", ()), ("8-5-3", (8, 5, 3)), ("7", (7,))])
def test_layers_are_written_with_dashes_and_none_as_0(text: str, layers: tuple[int, ...]) -> None:
    settings = read_address({"hidden": [text]}).settings

    assert settings == Settings(layers)
    assert shortened(settings, View())["hidden"] == text


@pytest.mark.parametrize("text", ["8-", "-8", "8--3", "65-3", "1-1-1-1-1-1-1", "0-5", "8;3"])
def test_layers_that_make_no_sense_are_said(text: str) -> None:
    address = read_address({"hidden": [text]})

    assert address.settings == Settings()
    assert "for each of up to 6 layers" in address.notices[0]


def test_values_that_do_not_go_together_are_said_and_one_goes() -> None:
    address = read_address({"data": ["plane"], "loss": ["bce"], "lr": ["0.1"]})

    assert address.settings == Settings(data="plane", learning_rate=0.1)
    assert address.notices[0].startswith(
        "The link's settings conflict: loss must be mse, l1 or huber"
    )
    (squares,) = read_address({"data": ["blobs"], "loss": ["mse"]}).notices
    assert squares.startswith("The link's settings conflict: loss must be cross_entropy")


def test_every_drawn_combination_reads_back_from_both_forms() -> None:
    for settings in drawn(300, seed=2):
        link = parse_qs(urlsplit(permalink("http://host/", settings, View())).query)
        short = {name: [text] for name, text in shortened(settings, View()).items()}

        assert read_address(link).settings == read_address(short).settings == settings


def test_a_link_to_the_tab_that_had_another_name_opens_it_without_a_word() -> None:
    address = read_address({"tab": ["Train"]})

    assert address.view == View("Watch")
    assert address.notices == ()
