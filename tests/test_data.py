"""Data: the dummy batch is the article's; rows are split and features computed as in the script."""

from __future__ import annotations

import torch

from tinynet import Settings
from tinynet.training.data import Batch, draw_data


def dummy_batch(generator: torch.Generator) -> Batch:
    return draw_data(Settings(), generator).training


def test_the_inputs_are_those_of_randn_after_the_seed() -> None:
    batch = dummy_batch(torch.Generator().manual_seed(7))

    torch.manual_seed(7)
    assert torch.equal(batch.inputs, torch.randn(10, 10))


def test_the_targets_are_the_articles_ten() -> None:
    batch = dummy_batch(torch.Generator())

    assert batch.targets.tolist() == [[1], [0], [0], [1], [1], [1], [0], [0], [1], [1]]
    assert batch.targets.dtype == torch.float32


def test_without_a_share_for_the_test_it_has_no_row() -> None:
    dummy, moons = (
        draw_data(Settings(data=name), torch.Generator()) for name in ("dummy", "moons")
    )

    assert (len(dummy.test), len(moons.test)) == (0, 0)
    assert [len(moons.test.targets), len(moons.test_points)] == [0, 0]
    assert moons.points.shape == (200, 2)
    assert dummy.points.shape == (0, 10)  # the dummy inputs do not fit on a plane


def test_features_are_made_of_the_points_and_the_dice_split_the_rows() -> None:
    settings = Settings(data="moons", test_share=0.3, features=("x1", "x2^2"))
    generator = torch.Generator().manual_seed(7)
    moons = draw_data(Settings(data="moons"), generator)
    order = torch.randperm(200, generator=generator)
    drawn = draw_data(settings, torch.Generator().manual_seed(7))

    for rows, part, points in (
        (order[:60], drawn.test, drawn.test_points),
        (order[60:], drawn.training, drawn.points),
    ):
        assert torch.equal(points, moons.points[rows])
        assert torch.equal(part.inputs, torch.column_stack([points[:, 0], points[:, 1] ** 2]))
        assert torch.equal(part.targets, moons.training.targets[rows])
