"""The coach offers only changes that it has tried."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.combinations import STATE, TEST_STATE, run_beside_its_file
from tinynet import Settings, suggest, table, to_script, train
from tinynet.analysis.coach.changes import changes, cost, leads_to
from tinynet.analysis.coach.trial import SEEDS, STARTS, Suggestion, Trial, starts_of
from tinynet.analysis.coach.trying import BUDGET, Trying, TryingLuck
from tinynet.analysis.diagnosis import end_of
from tinynet.registry.data_sets import DATA_SETS
from tinynet.settings import set_to
from tinynet.stage.user_data import STARTER
from tinynet.user_data.painting import Painting

MOONS = Settings(data="moons")


@cache
def suggested(settings: Settings) -> list[Suggestion]:
    """Return the suggestions, computed once for all tests."""
    return suggest(train(settings))


def ends_by_their_scripts(settings: Settings, seeds: list[int]) -> list[float]:
    """Return the final loss printed by the script of each seed, in its own process."""
    state, name = STATE, "final loss"
    if settings.test_rows:
        state, name = STATE + TEST_STATE, "final test loss"
    found = []
    for seed in seeds:
        script = to_script(replace(settings, seed=seed)) + state
        printed = run_beside_its_file(settings, script)
        found += [float(line.split()[-1]) for line in printed if line.startswith(name)]
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(data="plane"),
        Settings(data="blobs"),
        Settings(data="moons", rows=100, test_share=0.5, batch_size=10),
    ],
    ids=lambda settings: str(settings.data),
)
def test_the_ends_of_a_suggestion_are_those_that_its_scripts_print(settings: Settings) -> None:
    first = suggested(settings)[0]
    seeds = [end.seed for end in first.ends]
    assert seeds == [settings.seed + each for each in range(SEEDS)]
    assert list(first.loss) == ends_by_their_scripts(first.settings, seeds)


@pytest.mark.slow
def test_a_suggestion_counts_the_rows_that_numpy_counts_as_correct() -> None:
    run = train(suggested(MOONS)[0].settings)
    assert end_of(run).correct == int(((run.predictions > 0.5) == (run.targets > 0.5)).sum())


def test_of_numbers_it_counts_what_numpy_calls_r_squared() -> None:
    run = train(Settings(data="hills", test_share=0.5))
    told = 1 - np.sum((run.test_targets - run.test_predictions) ** 2) / (
        np.var(run.test_targets.astype(np.float64)) * len(run.test_targets)
    )
    assert end_of(run).r_squared == pytest.approx(told, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("data", DATA_SETS)
def test_from_the_defaults_of_every_data_set_something_helps(data: str) -> None:
    run = train(Settings(data=data, seed=3))
    found = suggest(run)
    assert 1 <= len(found) <= 3 or end_of(run).is_good
    for each in found:
        assert end_of(train(each.settings)) == each.ends[0]
        assert sum(end.beats(end_of(run)) for end in each.ends) >= SEEDS - 1


@pytest.mark.slow
def test_where_one_class_is_rare_one_answer_for_all_is_not_good_and_something_helps() -> None:
    rare = [(60 + each % 5, 60 + each // 5, 1) for each in range(4)]
    rows = [(20 + 2 * (each % 20), 10 + 5 * (each // 20), 0) for each in range(96)]
    run = train(Settings((5,), 0.01, 50, data=Painting(tuple(rows + rare))))
    assert not run.answers.any()
    assert run.accuracy == pytest.approx(0.96)

    found = suggest(run)

    assert found
    assert found[0].good >= SEEDS - 1
    assert train(found[0].settings).answers.any()


@pytest.mark.slow
def test_what_is_good_on_every_seed_comes_before_what_is_good_on_all_but_one() -> None:
    for seed in range(2):
        good = [each.good for each in suggest(train(replace(MOONS, seed=seed)))]
        known = [each for each in good if each >= SEEDS - 1]
        assert known == sorted(known, reverse=True)


@pytest.mark.slow
def test_a_short_label_shortens_the_change_and_never_the_result() -> None:
    first = suggest(train(Settings(data="spiral")))[0]
    assert first.label(500) == first.brief
    for longest in (5, 22, 40):
        change, end = first.label(longest).rsplit(": ", 1)
        assert end == first.ends[0].words
        assert len(change) <= longest < len(first.changed)
    assert first.label(40).startswith("…, 2 layers of 16, ")


@pytest.mark.slow
def test_the_list_is_the_same_each_time() -> None:
    assert suggest(train(MOONS)) == suggested(MOONS)


def test_a_good_run_needs_no_suggestion() -> None:
    good = train(suggested(Settings())[0].settings)
    assert end_of(good).is_good
    assert suggest(good) == []


@pytest.mark.slow
def test_where_nothing_can_help_nothing_is_offered() -> None:
    """All rows are equal, and half of them belong to each class."""
    frame = pd.DataFrame({"a": [1, 2] * 10, "class": ["yes", "yes", "no", "no"] * 5})
    assert suggest(train(Settings(data=table(frame, target="class")))) == []


def test_a_suggestion_says_what_it_changes_and_what_it_was_seen_to_do() -> None:
    first = suggested(Settings())[0]
    assert first.words == f"{first.changed}: 10 of 10 correct, good on 5 of 5 seeds"
    assert first.changed == "Adam at 0.02"


@pytest.mark.slow
def test_what_was_put_in_is_taken_out_where_that_alone_helps() -> None:
    good = Settings((16,), 0.02, 200, data="moons", optimizer="adam")
    assert end_of(train(good)).is_good
    for name, value in (("l2", 1.0), ("l1", 0.1)):
        run = train(set_to(good, {name: value}))
        assert not end_of(run).is_good
        assert suggest(run)[0].settings == good


def test_every_change_leads_to_other_settings() -> None:
    for data in DATA_SETS:
        settings = Settings(data=data, test_share=0.3)
        assert all(leads_to(settings, change) != settings for change in changes(settings))


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        Settings((64,) * 6, 0.01, 10_000, data="moons", rows=1_000),
        Settings((5,), 0.01, 10_000, data="arms", rows=1_000, batch_size=1),
        MOONS,
    ],
    ids=["large", "small batches", "moons"],
)
def test_a_trial_is_bounded_by_what_it_is_reckoned_to_cost(settings: Settings) -> None:
    trained = replace(settings, epochs=1)  # the trial requests only the end of the run itself
    run = train(trained)
    object.__setattr__(run, "settings", settings)
    trying = Trying(run)
    while not trying.finished:
        trying.advance(1)
    trial = trying.result()
    assert trial
    spent = sum(cost(each.settings) * len(each.ends) for each in trial.tried)
    assert spent <= BUDGET + cost(settings)
    assert trying.seconds < 20 * BUDGET  # independent of the machine and its load


def tried_out(settings: Settings) -> Trial:
    """Return the whole trial of the changes to a run."""
    trying = Trying(train(settings))
    while not trying.finished:
        trying.advance(1)
    trial = trying.result()
    assert trial
    return trial


@pytest.mark.slow
@pytest.mark.parametrize("name", ["moons", "xor", "curve"])
def test_where_one_knob_alone_makes_it_learn_that_is_the_cause(name: str) -> None:
    settings = replace(Settings.starting(name), hidden_units=(1,))
    trial = tried_out(settings)
    assert trial.cause == "Of all single changes tried, only one makes it learn: 16 units."

    learn = []
    tried = {each.settings for each in trial.tried}
    for change in changes(settings):
        if (changed := leads_to(settings, change)) in tried:
            ends = [end_of(train(replace(changed, seed=seed))) for seed in range(SEEDS)]
            learn += [change] * (sum(end.is_good for end in ends) >= SEEDS - 1)
    assert {"hidden_units": (16,)} in learn
    assert all(set(change) == {"hidden_units"} for change in learn)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [MOONS, Settings(), Settings(data="xor", epochs=10)])
def test_where_no_knob_or_several_make_it_learn_none_is_named(settings: Settings) -> None:
    assert tried_out(settings).cause == ""


def test_luck_is_how_the_same_data_end_from_other_first_weights() -> None:
    settings = Settings(seed=990)
    trying = TryingLuck(settings)
    while not trying.finished:
        trying.advance(0)
    luck = trying.result()
    assert luck
    assert len(luck.ends) == STARTS
    assert luck.ends[0] == end_of(train(settings))
    for start in (1, 8, 19):
        assert luck.ends[start] == end_of(train(replace(settings, weight_seed=start - 1)))


@pytest.mark.slow
@pytest.mark.parametrize("settings", [Settings(weight_seed=5), Settings(data=STARTER, seed=3)])
def test_there_are_twenty_starts_none_of_them_twice(settings: Settings) -> None:
    starts = starts_of(settings)
    assert starts[0] == settings
    assert len(set(starts)) == len(starts) == STARTS
    assert len({train(each).losses[0] for each in starts}) == STARTS
