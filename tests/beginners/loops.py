"""Scripts of beginners that differ in their data and their loops."""

from __future__ import annotations

from tests.beginners.scripts import TARGETS, XOR, Beginner
from tinynet import Settings

SCRIPTS = {
    "the article's network as a class with functions": Beginner(
        f"""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
hidden = 7
lr = 0.1
x = torch.randn(10, 10)
y = torch.tensor({TARGETS})

class Net(nn.Module):
    def __init__(self, n_in, n_hidden):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(n_in, n_hidden)
        self.fc2 = nn.Linear(n_hidden, 1)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = torch.sigmoid(self.fc2(x))
        return x

net = Net(10, hidden)
optimizer = torch.optim.Adam(net.parameters(), lr=lr)
for epoch in range(30):
    out = net(x)
    loss = F.mse_loss(out, y)
    net.zero_grad()
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print(f'{{epoch}}: {{loss.item():.4f}}')
""",
        Settings(hidden_units=(7,), learning_rate=0.1, epochs=30, seed=3, optimizer="adam"),
    ),
    "a truth table with binary cross-entropy": Beginner(
        """
import torch, torch.nn as nn, torch.optim as optim
X = torch.tensor([[0,0],[0,1],[1,0],[1,1]], dtype=torch.float32)
Y = torch.tensor([[0],[1],[1],[0]], dtype=torch.float32)
model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1), nn.Sigmoid())
loss_fn = nn.BCELoss()
opt = optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
epochs = 300
for i in range(epochs):
    pred = model(X)
    loss = loss_fn(pred, Y)
    opt.zero_grad()
    loss.backward()
    opt.step()
print(model(X))
""",
        Settings((4,), 0.5, 300, data=XOR, activation="tanh", loss="bce", optimizer="momentum"),
    ),
    "a truth table with logits and a function that trains": Beginner(
        """
import torch
from torch import nn

def make_model(width=8):
    return nn.Sequential(
        nn.Linear(2, width),
        nn.ReLU(),
        nn.Linear(width, 1),
    )

def train(model, x, y, epochs, lr=1e-2):
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.1)
    losses = []
    for epoch in range(1, epochs + 1):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

def main():
    torch.manual_seed(42)
    x = torch.tensor([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
    y = torch.tensor([0., 1., 1., 0.]).unsqueeze(1)
    model = make_model(16)
    train(model, x, y, epochs=300)

if __name__ == '__main__':
    main()
""",
        Settings((16,), 0.01, 300, seed=42, data=XOR, loss="bce", optimizer="adamw", l2=0.1),
    ),
    "mini-batches by slices of a shuffled index": Beginner(
        f"""
import torch
from torch import nn, optim
x = torch.randn(10, 10)
y = torch.tensor({TARGETS})
n = 6
model = nn.Sequential(
    nn.Linear(10, n), nn.GELU(),
    nn.Linear(n, n), nn.GELU(),
    nn.Linear(n, 1), nn.Sigmoid()
)
criterion = nn.HuberLoss()
optimizer = optim.RMSprop(model.parameters(), 0.02)
batch_size = 5
for epoch in range(20):
    perm = torch.randperm(x.size(0))
    for i in range(0, x.size(0), batch_size):
        idx = perm[i:i + batch_size]
        loss = criterion(model(x[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
        Settings(
            hidden_units=(6, 6),
            learning_rate=0.02,
            epochs=20,
            activation="gelu",
            loss="huber",
            optimizer="rmsprop",
            batch_size=5,
        ),
    ),
    "a loader, a module list and a progress bar": Beginner(
        f"""
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader
from tqdm import tqdm

x = torch.randn(10, 10)
y = torch.tensor({TARGETS})
loader = DataLoader(TensorDataset(x, y), batch_size=2, shuffle=True)

class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.act = nn.ELU()

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.act(layer(x))
        return torch.sigmoid(self.layers[-1](x))

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
model = MLP([10, 8, 4, 1]).to(device)
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.05)
criterion = nn.L1Loss()
for epoch in tqdm(range(10)):
    model.train()
    for batch_idx, (xb, yb) in enumerate(loader):
        xb, yb = xb.to(device), yb.to(device)
        optimizer.zero_grad()
        output = model(xb)
        loss = criterion(output, yb)
        loss.backward()
        optimizer.step()
""",
        Settings(
            hidden_units=(8, 4),
            learning_rate=0.05,
            epochs=10,
            activation="elu",
            loss="l1",
            optimizer="adagrad",
            batch_size=2,
        ),
    ),
    "a loader that does not shuffle": Beginner(
        f"""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(10, 10), torch.tensor({TARGETS})
data = DataLoader(TensorDataset(x, y), batch_size=4)
model = nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 1), nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    for a, b in data:
        loss = ((model(a) - b) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
""",
        Settings(learning_rate=0.1, epochs=5, batch_size=4),
        {"data = DataLoader": "shuffles"},
    ),
    "the two moons of scikit-learn": Beginner(
        """
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
X, y = make_moons(n_samples=500, noise=0.2, random_state=0)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=1)
X_train = torch.FloatTensor(X_train)
y_train = torch.FloatTensor(y_train).reshape(-1, 1)
model = nn.Sequential(
    nn.Linear(2, 16), nn.ReLU(),
    nn.Linear(16, 16), nn.ReLU(),
    nn.Linear(16, 1), nn.Sigmoid()
)
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(200):
    loss = criterion(model(X_train), y_train)
    optimizer.zero_grad(); loss.backward(); optimizer.step()
""",
        Settings(
            (16, 16),
            0.01,
            200,
            data="moons",
            rows=500,
            noise=0.2,
            test_share=0.3,
            loss="bce",
            optimizer="adam",
        ),
        {"X, y = make_moons": "stands in", "X_train, X_test": "other test rows"},
    ),
}
