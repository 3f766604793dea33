"""Scripts of beginners that differ in their models and their training."""

from __future__ import annotations

from tests.beginners.scripts import LINE, LOOP, TARGETS, XOR, Beginner
from tinynet import Settings

SCRIPTS = {
    "iris, with log-softmax": Beginner(
        """
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_iris
iris = load_iris()
X = torch.tensor(iris.data, dtype=torch.float)
y = torch.tensor(iris.target)
class Iris(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(4, 10)
        self.l2 = nn.Linear(10, 3)
    def forward(self, x):
        return F.log_softmax(self.l2(F.relu(self.l1(x))), dim=1)
model = Iris()
opt = torch.optim.Adam(model.parameters())
for epoch in range(60):
    opt.zero_grad()
    loss = F.nll_loss(model(X), y)
    loss.backward()
    opt.step()
""",
        Settings((10,), 0.001, 60, data="blobs", loss="cross_entropy", optimizer="adam"),
        {"y = torch.tensor(iris.target)": "stands in"},
    ),
    "a straight line": Beginner(
        """
import torch
x = torch.tensor([[0.0, 0.0], [0.0, 0.5], [0.0, 1.0], [0.0, 1.5]])
y = torch.tensor([[0.0], [0.1], [0.2], [0.3]])
model = torch.nn.Linear(2, 1)
criterion = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
"""
        + LOOP,
        Settings((), 0.05, 100, data=LINE),
    ),
    "decay, clipping and a penalty": Beginner(
        f"""
import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import CosineAnnealingLR
x = torch.randn(10, 10)
y = torch.Tensor({TARGETS})
model = nn.Sequential(nn.Linear(10, 5), nn.SiLU(), nn.Linear(5, 1), nn.Sigmoid())
criterion = nn.MSELoss(reduction='mean')
EPOCHS = 40
optimizer = torch.optim.SGD(model.parameters(), lr=0.3, weight_decay=1e-3)
scheduler = CosineAnnealingLR(optimizer, T_max=EPOCHS)
l1_lambda = 0.01
for epoch in range(EPOCHS):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    l1_norm = sum(p.abs().sum() for p in model.parameters())
    loss = loss + l1_lambda * l1_norm
    loss.backward()
    clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    scheduler.step()
""",
        Settings(
            learning_rate=0.3,
            epochs=40,
            activation="silu",
            l1=0.01,
            l2=0.001,
            clip=1,
            schedule="cosine",
        ),
    ),
    "a schedule of its own, and another momentum": Beginner(
        f"""
import torch
from torch import nn, optim
x, y = torch.randn(10, 10), torch.tensor({TARGETS})
model = nn.Sequential(nn.Linear(10, 5), nn.LeakyReLU(0.2), nn.Linear(5, 1), nn.Sigmoid())
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.8)
scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=30, gamma=0.5)
for epoch in range(100):
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
""",
        Settings(
            learning_rate=0.1,
            epochs=100,
            activation="leaky_relu",
            optimizer="momentum",
            schedule="step",
        ),
        {
            "model = ": "with negative_slope=0.01",
            "optimizer = ": "momentum=0.9",
            "scheduler = ": "gamma=0.1, step_size=34",
        },
    ),
    "dropout, batch norm and two activations": Beginner(
        f"""
import torch
from torch import nn
x, y = torch.randn(10, 10), torch.tensor({TARGETS})
model = nn.Sequential(
    nn.Linear(10, 12),
    nn.BatchNorm1d(12),
    nn.ReLU(),
    nn.Dropout(0.2),
    nn.Linear(12, 6),
    nn.Tanh(),
    nn.Linear(6, 1),
    nn.Sigmoid(),
)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
        + LOOP,
        Settings(hidden_units=(12, 6), epochs=100),
        {"nn.BatchNorm1d": "BatchNorm1d", "nn.Dropout": "Dropout", "nn.Tanh": "one activation"},
    ),
    "the classic of PyTorch's tutorials": Beginner(
        """
import torch
N, D_in, H, D_out = 64, 1000, 100, 10
x = torch.randn(N, D_in)
y = torch.randn(N, D_out)
model = torch.nn.Sequential(torch.nn.Linear(D_in, H), torch.nn.ReLU(), torch.nn.Linear(H, D_out))
loss_fn = torch.nn.MSELoss(reduction='sum')
learning_rate = 1e-4
optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
for t in range(500):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        Settings((5,), 0.0001, 500, data="plane", optimizer="adam"),
        {
            "N, D_in": "hidden_units must be",
            "y = torch.randn": "stands in",
            "model = ": "one output",
            "loss_fn = ": "with reduction='mean'",
        },
    ),
    "a model alone": Beginner(
        """
from torch import nn
model = nn.Sequential(nn.Linear(10, 3), nn.ReLU(), nn.Linear(3, 1), nn.Sigmoid())
""",
        Settings(hidden_units=(3,)),
    ),
    "a forgotten zero_grad": Beginner(
        f"""
import torch
from torch import nn
x, y = torch.randn(10, 10), torch.tensor({TARGETS})
layers = []
for i in range(2):
    layers.append(nn.Linear(10 if i == 0 else 4, 4))
    layers.append(nn.ReLU())
layers += [nn.Linear(4, 1), nn.Sigmoid()]
model = nn.Sequential(*layers)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(10):
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
""",
        Settings(hidden_units=(4, 4), epochs=10, zero_gradients=False),
    ),
    "an early stop and a hand-made start": Beginner(
        f"""
import torch
from torch import nn
x, y = torch.randn(10, 10), torch.tensor({TARGETS})
model = nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 1), nn.Sigmoid())
def init(m):
    if isinstance(m, nn.Linear):
        nn.init.normal_(m.weight)
model.apply(init)
criterion, optimizer = nn.BCELoss(), torch.optim.SGD(model.parameters(), lr=1)
epoch = 0
while epoch < 100:
    loss = criterion(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    epoch += 1
    if loss.item() < 0.01:
        break
""",
        Settings(learning_rate=1, loss="bce"),
        {
            "model.apply": "way to set the weights",
            "while epoch": "number of epochs",
            "break": "all epochs",
        },
    ),
    "two outputs for two classes": Beginner(
        """
import torch
import torch.nn as nn
X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.LongTensor([0, 1, 1, 0])
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 3)
        self.out = nn.Linear(3, 2)
    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))
model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
        + LOOP.replace("(x)", "(X)"),
        Settings((3,), 0.1, 100, data=XOR, activation="tanh", loss="bce"),
        {"self.out = nn.Linear": "one output"},
    ),
    "a file of one's own": Beginner(
        """
import pandas as pd
import torch
import torch.nn as nn
df = pd.read_csv('houses.csv')
X = torch.tensor(df[['rooms', 'age']].values, dtype=torch.float32)
y = torch.tensor(df[['price']].values, dtype=torch.float32)
X = (X - X.mean(0)) / X.std(0)
model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(100):
    loss = nn.MSELoss()(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        Settings((8,), 0.01, 100, data="plane", optimizer="adam"),
        {"df = ": "does not have this file", "X = (X": "stands in"},
    ),
    "gradients added up, and an optimizer that TinyNet lacks": Beginner(
        f"""
import torch
from torch import nn
x, y = torch.randn(10, 10), torch.tensor({TARGETS})
model = nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 1), nn.Sigmoid())
criterion = nn.MSELoss()
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1)
for epoch in range(8):
    loss = criterion(model(x), y)
    loss.backward()
    if epoch % 2 == 0:
        optimizer.step()
        optimizer.zero_grad()
""",
        Settings(epochs=8),
        {
            "optimizer = ": "no optimizer LBFGS",
            "optimizer.step": "every time",
            "optimizer.zero_grad": "before each update",
        },
    ),
    "a convolution": Beginner(
        """
import torch
from torch import nn
model = nn.Sequential(
    nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(),
    nn.Linear(8 * 26 * 26, 32), nn.ReLU(), nn.Linear(32, 10)
)
images, labels = torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for epoch in range(3):
    loss = nn.CrossEntropyLoss()(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
""",
        Settings((32,), 0.001, 3, data="blobs", optimizer="adam"),
        {"nn.Conv2d": "comes before", "nn.Linear(8": "outputs", "images, labels": "stands in"},
    ),
}
