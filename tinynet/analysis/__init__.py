"""Analysis: Run -> what can be said of it.

epoch      what the five lines made in one epoch: Epoch
explain    Run -> one of its epochs, opened up
diagnosis  what happened in a run, and why, in plain words
coach      changes that are tried beside a run, and what of them helps: suggest
lessons    small experiments: two runs, a question, an answer that was tried
tables     Run -> pandas frames
landscape  the loss over a plane through the weights, and a run's path there: Landscape
plane      the planes: along the path of a run, or in random directions
survey     Run -> Landscape, place by place, in turns
"""
