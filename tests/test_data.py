"""The dummy batch is the article's."""

from __future__ import annotations

import torch

from tinynet import Settings
from tinynet.data import Batch, draw_data


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
