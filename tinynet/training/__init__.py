"""Training: Settings -> Run, with the bits of the script's own loop.

expressions      Settings -> the expressions that stand in the script and that the core evaluates
data             Settings -> the rows to train on and to test on
network          Settings -> nn.Sequential, drawn as PyTorch draws it
rates            Settings -> the learning rate of every epoch
devices          the devices of this machine: available_devices, DeviceUnavailable
fresh            PyTorch as a fresh process has it, whatever the caller has set
run              what a training leaves behind: Run
film             Run -> its kept states, recorded as they pass
engine           what any way to run the loop must do
loop             the loop as the script has it: autograd and torch.optim
flat             many tensors in one
backpropagation  the loop without autograd: faster, every bit the same
history          what a run keeps of its training
train            the training itself, an epoch at a time, in turns: train
"""
