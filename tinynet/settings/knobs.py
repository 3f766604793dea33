"""The knobs: each once, with the article's value, what is allowed and what it means."""

from __future__ import annotations

from dataclasses import replace

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.features import FEATURES, INPUTS
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings.kinds import (
    ChoiceKnob,
    DataKnob,
    DeviceKnob,
    LayersKnob,
    NumberKnob,
    OptionalKnob,
    SubsetKnob,
    SwitchKnob,
)

PENALTIES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

HIDDEN_UNITS = NumberKnob(  # of one layer
    name="hidden_units",
    parameter="hidden",
    label="Hidden units",
    meaning="How many neurons this hidden layer has. The more there are, the more they can learn.",
    article=5,
    stops=tuple(range(1, 65)),
)
LAYERS = LayersKnob(
    name=HIDDEN_UNITS.name,
    parameter=HIDDEN_UNITS.parameter,
    label=HIDDEN_UNITS.label,
    meaning="How many neurons each hidden layer has. The more there are, the more they can learn.",
    article=(HIDDEN_UNITS.article,),
    width=HIDDEN_UNITS,
    always_named=True,
)
LEARNING_RATE = NumberKnob(
    name="learning_rate",
    parameter="lr",
    label="Learning rate",
    meaning="How far each update follows the gradient downhill. "
    "Too small and nothing happens; too large and the loss bounces.",
    article=0.01,
    stops=(
        *(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02),
        *(0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
    ),
    always_named=True,
)
EPOCHS = NumberKnob(
    name="epochs",
    label="Epochs",
    meaning="How many times the network sees all the training rows.",
    article=50,
    stops=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
    always_named=True,
)
DEVICE = DeviceKnob(
    name="device",
    label="Device",
    meaning="Where the tensors live and the training runs.",
    article="cpu",
    always_named=True,
)
SEED = NumberKnob(
    name="seed",
    label="Seed",
    meaning="The number that PyTorch's dice start from: it decides all that is drawn, such as the "
    "data, the test rows, the first weights and the order of the batches. The article sets none; "
    "the same seed always gives the same run.",
    article=0,
    stops=tuple(range(1_000)),
    always_named=True,
)
ZERO_GRADIENTS = SwitchKnob(
    name="zero_gradients",
    parameter="forget",
    label="Forget zero_grad()",
    meaning="Leaves that line out of the loop, as one forgets it in real life: the gradients of "
    "all updates so far pile up. With SGD that is momentum without a brake.",
    article=True,
    words={True: "zero_grad() kept", False: "zero_grad() forgotten"},
    file_name="without_zero_grad",
)
DATA = DataKnob(
    name="data",
    label="Data",
    meaning="What the network learns from.",
    article="dummy",
    table=DATA_SETS,
)
ROWS = NumberKnob(
    name="rows",
    label="Rows",
    meaning="How many examples are drawn, those for the test included.",
    article=200,
    stops=(10, 20, 50, 100, 200, 500, 1_000),
    applies=lambda settings: settings.data_set.rows is None,
)
NOISE = NumberKnob(
    name="noise",
    label="Noise",
    meaning="How far chance moves each example: the standard deviation of what is added to the "
    "inputs of classes, or to the targets of a regression.",
    article=0.1,
    stops=(0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0),
    applies=ROWS.applies,
)
TEST_SHARE = NumberKnob(
    name="test_share",
    parameter="test",
    label="Test rows",
    meaning="The share of the rows that is kept from the training, to see whether the network has "
    "learned more than its own rows.",
    article=0.0,
    stops=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    does_the_same=lambda settings: settings.test_rows == 0,
)
INPUT_FEATURES = SubsetKnob(
    name="features",
    label="Features",
    meaning="What the network is given of the two inputs.",
    article=INPUTS,
    table=FEATURES,
    applies=lambda settings: settings.data_set.inputs == len(INPUTS),
)
ACTIVATION = ChoiceKnob(
    name="activation",
    label="Activation",
    meaning="What each hidden unit makes of its sum.",
    article="relu",
    table=ACTIVATIONS,
    applies=lambda settings: bool(settings.hidden_units),
)
LOSS = ChoiceKnob(
    name="loss",
    label="Loss",
    meaning="The number that the training makes small.",
    article="mse",
    table=LOSSES,
    suits=lambda settings, loss: settings.data_set.task in loss.tasks,
)
OPTIMIZER = ChoiceKnob(
    name="optimizer",
    label="Optimizer",
    meaning="How a gradient becomes a step.",
    article="sgd",
    table=OPTIMIZERS,
)
SCHEDULE = ChoiceKnob(
    name="schedule",
    label="Schedule",
    meaning="How the learning rate changes from epoch to epoch.",
    article="constant",
    table=SCHEDULES,
    applies=lambda settings: settings.epochs > 1,
)
LAST_LAYER_RATE = NumberKnob(
    name="last_layer_rate",
    parameter="last",
    label="Last layer's rate",
    meaning="How many times the learning rate that of the last layer is; the hidden layers keep "
    "theirs. At 0 the last layer stays as it was drawn.",
    article=1.0,
    stops=(
        *(0.0, 0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
        *(2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1_000.0, 10_000.0),
    ),
    sign="×",
    # Without hidden layers the last one is the whole network: its rate is the learning rate.
    applies=lambda settings: bool(settings.hidden_units),
)
L1 = NumberKnob(
    name="l1",
    label="L1 penalty",
    meaning="Adds so many times the sizes |w| of all weights and biases to the loss that "
    "backward() starts from, not to the loss that is printed.",
    article=0.0,
    stops=PENALTIES,
)
L2 = NumberKnob(
    name="l2",
    label="L2 penalty",
    meaning="The optimizer's weight_decay. Adds so many times each weight and bias to its "
    "gradient. AdamW leaves the gradient alone and makes each smaller by this share, times the "
    "learning rate; its own is 0.01.",
    article=0.0,
    stops=PENALTIES,
    follows=lambda settings: OPTIMIZERS[settings.optimizer].weight_decay,
)
BATCH_SIZE = NumberKnob(
    name="batch_size",
    parameter="batch",
    label="Batch size",
    meaning="How many rows each update sees, shuffled each epoch, or all of them at once.",
    article=0,
    stops=(0, 1, 2, 5, 10, 20, 50, 100, 200, 500),
    highest=1_000,
    zero="all rows",
    does_the_same=lambda settings: settings.batch_size >= settings.training_rows,
)
INITIALISATION = ChoiceKnob(
    name="initialisation",
    parameter="init",
    label="First weights",
    meaning="How the weights are drawn before the training.",
    article="default",
    table=INITIALISATIONS,
)
WEIGHT_SEED = OptionalKnob(
    name="weight_seed",
    parameter="weight_seed",
    label="Seed of the weights",
    meaning="Lets the dice start anew just before the network is made: the data stay the same, the "
    "first weights and then the order of the batches are drawn from this number. At the left end, "
    "they are drawn after the data, from the one seed.",
    article=None,
    number=replace(SEED, name="weight_seed", parameter="weight_seed", label="Seed of the weights"),
    noun="weights",
    some="from seed",
    none="drawn after the data",
    # Where nothing is drawn before the weights, the one seed is theirs.
    applies=lambda settings: settings.draws_rows,
)
CLIP = NumberKnob(
    name="clip",
    label="Clip gradients",
    meaning="Shortens the gradients, all together, to this length where they are longer; 0 is off.",
    article=0.0,
    stops=(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)
