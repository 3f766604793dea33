"""Many networks at once: Settings and axes -> the final loss of every combination, for a picture.

grid      the cells of a sweep, and what came of each: Sweep
plan      which cells can train together
calls     the calls of the tables' entries, by autograd where an entry has none
layers    one layer of many networks, in as few products as can be
rows      what the dice decide: rows, their order, first weights
rates     the learning rates of many networks
networks  backpropagation written out, for many networks
block     networks that train together
turns     Sweeping, in turns that one can stop after; sweep, to the end
nearness  how near the numbers of a map are, by some cells trained exactly
checking  trains those cells, in turns

All networks of a block are trained in the same tensor operations: one network more is one more
slice. Such sums round differently than those of a network alone, so its numbers are good for
colours; whoever wants a number to the last bit asks `train` for that one cell.
"""
