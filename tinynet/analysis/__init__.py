"""Analysis: Run -> findings about it.

epoch      all values that the five lines compute in one epoch: Epoch
explain    Run -> Epoch
diagnosis  what happened in a run, and why, in plain words
coach      changes to the settings, each trained to see whether it helps: suggest
lessons    twenty small experiments: two runs, a question, and a tested answer
measures   Run -> errors in the target's unit, scores of each class, the worst rows
importance Run -> how much each column matters
rivals     Settings -> their network beside a linear network and the best constant: rivals
tables     Run -> pandas data frames
landscape  the loss over a plane through the weights, and a run's path on it: Landscape
plane      planes along the path of a run, or in random directions
survey     Run -> Landscape, point by point, in turns
"""
