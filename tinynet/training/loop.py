"""The script's loop: PyTorch's modules, autograd and torch.optim."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.pytorch import evaluate
from tinynet.settings import Settings
from tinynet.training import expressions
from tinynet.training.data import Batch
from tinynet.training.engine import Engine, Forward, State, Tensors, measured


class Loop(Engine):
    """The script's loop, with the criterion and optimizer evaluated from the script's text."""

    autograd = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.parameters: Tensors = list(self.network.parameters())
        self.criterion: Any = LOSSES[settings.loss].criterion()
        self._remembers = OPTIMIZERS[settings.optimizer].remembers
        self._begin()

    def _begin(self) -> None:
        code = expressions.optimizer(self.settings)
        self.optimizer: torch.optim.Optimizer = evaluate(code, model=self.network)

    @property
    def gradients(self) -> Tensors:
        return [each.grad for each in self.parameters if each.grad is not None]

    @property
    def memory(self) -> Tensors:
        state = self.optimizer.state
        return [
            state.get(each, {}).get(name, torch.zeros_like(each))
            for name in self._remembers
            for each in self.parameters
        ]

    def forward(self, batch: Batch | None = None) -> Forward:
        batch = batch or self.batch
        outputs, layer_inputs = batch.inputs, []
        for module in self.network:
            if isinstance(module, nn.Linear):
                layer_inputs.append(outputs)
            outputs = module(outputs)
        loss = measured(self.criterion, outputs, batch.targets)
        return Forward(layer_inputs[1:], outputs, loss)

    def backward(self, loss: torch.Tensor) -> None:
        if self.settings.zero_gradients:
            self.optimizer.zero_grad()
        if self.settings.l1:
            size = sum(each.abs().sum() for each in self.parameters)
            loss = loss + self.settings.l1 * size
        loss.backward()  # type: ignore[no-untyped-call]

    def step(self) -> None:
        if self.settings.clip:
            nn.utils.clip_grad_norm_(self.parameters, self.settings.clip)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate
        self.optimizer.step()

    def load_state(self, state: State) -> None:
        self._load_common(state)
        self.load_gradients(state.gradients)
        self._begin()
        if state.updates:
            self._remember(state)

    def load_gradients(self, gradients: Tensors) -> None:
        for parameter in self.parameters:
            parameter.grad = None
        for parameter, gradient in zip(self.parameters, gradients, strict=False):
            parameter.grad = gradient.to(parameter.device, copy=True)

    def _remember(self, state: State) -> None:
        """Give the optimizer its state and the number of its steps."""
        memory = iter(state.memory)
        steps = torch.tensor(float(state.updates), dtype=torch.float32)
        states = {each: {"step": steps.clone()} for each in self.parameters}
        for name in self._remembers:
            for parameter in self.parameters:
                states[parameter][name] = next(memory).to(parameter.device, copy=True)
        self.optimizer.state.update(states)
