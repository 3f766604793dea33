"""Shared helpers for the tests of multiclass tasks."""

from __future__ import annotations

from typing import Any

from tinynet import Settings

PLAIN: list[dict[str, Any]] = [
    {"hidden_units": [5], "learning_rate": 0.01, "epochs": 50, "seed": 0},
    {"hidden_units": [], "learning_rate": 0.5, "epochs": 30, "seed": 3},
    {"hidden_units": [17, 4], "learning_rate": 0.2, "epochs": 40, "seed": 7, "rows": 31},
    {"hidden_units": [1], "learning_rate": 2.0, "epochs": 60, "seed": 1, "noise": 0.5},
]
OTHERS = [
    Settings((8,), 0.05, 30, data="arms", test_share=0.3, optimizer="adam", batch_size=7),
    Settings((1,), 0.1, 20, data="arms", rows=10, batch_size=1, zero_gradients=False),
    Settings((6, 6), 0.1, 30, data="blobs", activation="gelu", l1=0.001, l2=0.01, clip=0.3),
    Settings((), 0.1, 30, data="arms", features=("x1", "x1^2", "sin(x2)"), initialisation="zeros"),
    Settings((4,), 10.0, 60, data="blobs", optimizer="rmsprop", last_layer_rate=10_000),
]
LEARNED = Settings((8,), 0.5, 200, data="blobs", test_share=0.3)


def settings_of(knobs: dict[str, Any]) -> Settings:
    return Settings(**knobs, data="blobs")
