"""Shared helpers for the tests of exported files."""

from __future__ import annotations

from typing import Any

from tests.frames import mixed
from tinynet import Settings
from tinynet.export import Form

FORMS: tuple[Form, ...] = ("sequential", "class")
ARTICLE = """\
n_in, n_h, n_out, batch_size = 10, 5, 1, 10
x = torch.randn(batch_size, n_in)
y = torch.tensor([[1.0], [0.0], [0.0], [1.0], [1.0], [1.0], [0.0], [0.0], [1.0], [1.0]])
model = nn.Sequential(nn.Linear(n_in, n_h),
                      nn.ReLU(),
                      nn.Linear(n_h, n_out),
                      nn.Sigmoid())
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(50):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    print('epoch: ', epoch, ' loss: ', loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
GRID = [
    Settings(),
    Settings((1,), 10.0, 1, seed=999),
    Settings((17,), 0.0001, 20, seed=3),
    Settings((33,), 0.013, 77, seed=12),
    Settings((64,), 1.0, 500, seed=1),
    Settings((24, 9), 0.5, 60),
    Settings((9, 4), 0.5, 60, seed=6, weight_seed=6),
    Settings((21,), 0.05, 90, zero_gradients=False),
    Settings((6, 4), 0.1, 60, last_layer_rate=3),
    Settings((11,), 0.1, 60, optimizer="adamw", schedule="step", last_layer_rate=0.02),
]
OTHERS: list[dict[str, Any]] = [
    {"optimizer": "adam", "last_layer_rate": 3},
    {"hidden_units": (), "data": "curve", "initialisation": "zeros", "schedule": "step"},
    {"data": "blobs", "features": ("x1", "x1*x2"), "test_share": 0.3, "batch_size": 8},
    {"data": "moons", "l1": 0.1, "clip": 1, "schedule": "cosine", "zero_gradients": False},
    {"data": mixed(), "test_share": 0.3},
    {"data": "moons", "test_share": 0.2, "weight_seed": 7, "batch_size": 20},
    {"data": mixed(), "test_share": 0.3, "weight_seed": 7, "initialisation": "xavier"},
]
