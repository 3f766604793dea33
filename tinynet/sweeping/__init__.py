"""Many networks at once: Settings and axes -> the final loss of every combination, for a picture.

grid      the cells of a sweep, and their results: Sweep
plan      the cells that can train together
calls     an entry's own derivatives, or autograd's
layers    a layer of many networks, in as few products as possible
rows      everything random: rows, their order, first weights
rates     the learning rates of many networks
networks  backpropagation without autograd, for many networks
block     networks that train together
turns     a sweep in turns: Sweeping; or in one call: sweep
checking  exact trainings of some cells, in turns
nearness  the differences between a map and its exact cells

The networks of a block train in the same tensor operations, and each is a slice of the tensors.
They round differently from a single network, which is good enough for colours. `train` gives the
exact numbers of one cell.
"""
