"""The choices, one table each; a new choice is one entry in one file.

tasks            binary, multiclass, regression: how outputs become answers
data_sets        the rows to learn from
scales           whether the inputs are standardised
features         the inputs made from x1 and x2
activations      the functions of the hidden units
losses           the errors to minimise
balance          a loss in which all classes count alike
optimizers       the update rules
schedules        how the learning rate changes over the epochs
endings          which state a training ends with
initialisations  how the weights are initialised
torch_seams      every use of PyTorch's internals

The script contains an entry's `code`, and the core evaluates the same text. Where an entry holds a
function, the script contains the function's source. So the script always matches what runs.
"""
