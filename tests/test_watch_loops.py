"""Loops as tutorials write them: with two more lines they print the same, and there is a film."""

from __future__ import annotations

import json
import re

import pytest

from tests.forks import run_fresh
from tests.test_readme import HERE

IRIS = """
import pandas as pd
import torch
import torch.nn as nn
import torch.nn.functional as F

class Model(nn.Module):
    def __init__(self, in_features=4, h1=8, h2=9, out_features=3):
        super().__init__()
        self.fc1 = nn.Linear(in_features, h1)
        self.fc2 = nn.Linear(h1, h2)
        self.out = nn.Linear(h2, out_features)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = self.out(x)
        return x

torch.manual_seed(41)
model = Model()
df = pd.read_csv("tinynet/user_data/examples/iris.csv")
df["species"] = df["species"].astype("category").cat.codes
X = torch.FloatTensor(df.drop("species", axis=1).values)
y = torch.LongTensor(df["species"].values.astype("int64"))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
# watch: X
for i in range(60):
    y_pred = model.forward(X)
    loss = criterion(y_pred, y)
    if i % 10 == 0:
        print(f"Epoch: {i} Loss: {loss}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    # record
"""
XOR_WITH_MOMENTUM = """
import torch
from torch import nn, optim

torch.manual_seed(2)
X = torch.Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
y = torch.Tensor([0, 1, 1, 0]).view(-1, 1)

class XOR(nn.Module):
    def __init__(self, input_dim=2, output_dim=1):
        super(XOR, self).__init__()
        self.lin1 = nn.Linear(input_dim, 2)
        self.lin2 = nn.Linear(2, output_dim)

    def forward(self, x):
        x = self.lin1(x)
        x = torch.sigmoid(x)
        x = self.lin2(x)
        return x

model = XOR()
for m in model.modules():
    if isinstance(m, nn.Linear):
        m.weight.data.normal_(0, 1)
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
# watch: X
for epoch in range(100):
    for j in range(X.size(0)):
        data_point = torch.randint(X.size(0), (1,)).item()
        optimizer.zero_grad()
        y_hat = model(X[data_point])
        loss = criterion(y_hat, y[data_point])
        loss.backward()
        optimizer.step()
    if epoch % 20 == 0:
        print(f"Epoch: {epoch}, Loss: {loss.item()}")
    # record
"""
BATCHES = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(96, 5)
y = X @ torch.randn(5, 1) + 0.1 * torch.randn(96, 1)
train_dl = DataLoader(TensorDataset(X, y), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(5, 12), nn.ReLU(), nn.Dropout(0.1), nn.Linear(12, 1))
criterion = nn.functional.mse_loss
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.5)
# watch: X
for epoch in range(30):
    model.train()
    for xb, yb in train_dl:
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        print(epoch, criterion(model(X), y).item())
    # record
"""
LAST = """
import json
with torch.no_grad():
    loss = criterion(model.eval()(X), y).item()
print(json.dumps([film.epochs, film.obstacle, float(film.to_film().losses[-1]), loss]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("loop", "epochs"),
    [(IRIS, 60), (XOR_WITH_MOMENTUM, 100), (BATCHES, 30)],
    ids=["iris", "xor", "batches"],
)
def test_a_tutorials_loop_prints_the_same_with_two_more_lines(loop: str, epochs: int) -> None:
    watched = "from tinynet import watch; film = watch(model, X, y, criterion)"
    watching = re.sub(r"# watch: X", watched, loop).replace("# record", "film.record()")
    *printed, last = run_fresh(HERE + watching + LAST)
    recorded, obstacle, of_film, loss = json.loads(last)

    assert printed == run_fresh(HERE + loop)
    assert (recorded, obstacle) == (epochs, "")
    assert of_film == pytest.approx(loss, rel=1e-6)
