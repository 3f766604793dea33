"""Training: Settings -> Run, with the same bits as the script's loop.

turns            the base of all work that is done in turns
expressions      Settings -> the expressions that the script contains and the core evaluates
data             Settings -> the training rows and the test rows
network          Settings -> nn.Sequential, with weights as PyTorch draws them
rates            Settings -> the learning rate of every epoch
devices          the devices of this machine: available_devices, DeviceUnavailable
fresh            PyTorch with the settings of a fresh process
record           frozen dataclasses with read-only arrays: Record
run              the result of a training: Run
prediction       Run and new rows -> answers in the words and units of the data
scores           predictions -> answers, correct rows, R²
film             Run -> the recorded states, for the player
one_row          a row of a Run -> a film of its values
engine           the base of the two loops
best             the state with the lowest test loss so far
loop             the script's loop: autograd and torch.optim
flat             several tensors in one
backpropagation  the loop without autograd: faster, with the same bits
history          the states recorded during a training
progress         a progress bar for the training
train            the training itself, in turns: train
shown            the base of what shows itself as a living picture
chain_parts      linear layers, batch norms and operations of a user's model
chain            model -> its layers in order, found by running it once
outputs          what the outputs of a user's model mean
watched          the film of a user's loop: WatchedFilm
watch            the start of such a film: watch
"""
