"""All knobs, with the article's value, the allowed values and the meaning of each."""

from __future__ import annotations

from dataclasses import replace

from tinynet.registry.activations import ACTIVATIONS
from tinynet.registry.data_sets import DATA_SETS
from tinynet.registry.endings import ENDINGS
from tinynet.registry.features import FEATURES, INPUTS
from tinynet.registry.initialisations import INITIALISATIONS
from tinynet.registry.losses import LOSSES
from tinynet.registry.optimizers import OPTIMIZERS
from tinynet.registry.scales import SCALES
from tinynet.registry.schedules import SCHEDULES
from tinynet.settings.choice_knobs import ChoiceKnob, DataKnob, DeviceKnob, SubsetKnob, SwitchKnob
from tinynet.settings.number_knobs import LayersKnob, NumberKnob, OptionalKnob

PENALTIES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

HIDDEN_UNITS = NumberKnob(  # of one layer
    name="hidden_units",
    parameter="hidden",
    label="Hidden units",
    meaning="The number of units in this hidden layer. More units can learn more complex rules.",
    article=5,
    stops=tuple(range(1, 65)),
)
LAYERS = LayersKnob(
    name=HIDDEN_UNITS.name,
    parameter=HIDDEN_UNITS.parameter,
    label=HIDDEN_UNITS.label,
    meaning="The number of units in each hidden layer. More units can learn more complex rules.",
    article=(HIDDEN_UNITS.article,),
    width=HIDDEN_UNITS,
    always_named=True,
)
LEARNING_RATE = NumberKnob(
    name="learning_rate",
    parameter="lr",
    label="Learning rate",
    meaning="The size of each update. If it is too small, little happens; if it is too large, the "
    "loss bounces.",
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
    meaning="How many times training goes through all training rows.",
    article=50,
    stops=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
    always_named=True,
)
DEVICE = DeviceKnob(
    name="device",
    label="Device",
    meaning="Where the tensors are stored and the training runs.",
    article="cpu",
    always_named=True,
)
SEED = NumberKnob(
    name="seed",
    label="Seed",
    meaning="Seeds PyTorch's random generator, which draws the data, the test rows, the first "
    "weights and the order of the batches. The article sets no seed; the same seed always gives "
    "the same run.",
    article=0,
    stops=tuple(range(1_000)),
    always_named=True,
)
ZERO_GRADIENTS = SwitchKnob(
    name="zero_gradients",
    parameter="forget",
    label="Forget zero_grad()",
    meaning="Skips `zero_grad()`, a common bug: the gradients of all updates accumulate. With SGD "
    "that is momentum that never decays.",
    article=True,
    words={True: "zero_grad() kept", False: "zero_grad() forgotten"},
    file_name="without_zero_grad",
)
DATA = DataKnob(
    name="data",
    label="Data",
    meaning="The data set to train on.",
    article="dummy",
    table=DATA_SETS,
)
ROWS = NumberKnob(
    name="rows",
    label="Rows",
    meaning="How many rows are drawn, including the test rows.",
    article=200,
    stops=(10, 20, 50, 100, 200, 500, 1_000),
    applies=lambda settings: settings.data_set.rows is None,
)
NOISE = NumberKnob(
    name="noise",
    label="Noise",
    meaning="The standard deviation of the random noise that is added to the inputs of classes, or "
    "to the targets of a regression.",
    article=0.1,
    stops=(0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0),
    applies=ROWS.applies,
)
TEST_SHARE = NumberKnob(
    name="test_share",
    parameter="test",
    label="Test rows",
    meaning="The share of the rows that are held out, to see whether the network generalises to "
    "rows that it was not trained on.",
    article=0.0,
    stops=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    has_same_effect=lambda settings: settings.test_rows == 0,
)
SCALE = ChoiceKnob(
    name="scale",
    label="Scale",
    meaning="Whether numeric inputs are standardised, with the mean and deviation of the training "
    "rows, or stay as they are. Large raw numbers need a tiny learning rate.",
    article="standardised",
    table=SCALES,
    applies=lambda settings: settings.data_set.has_scales,
)
INPUT_FEATURES = SubsetKnob(
    name="features",
    label="Features",
    meaning="Which inputs the network sees.",
    article=INPUTS,
    table=FEATURES,
    applies=lambda settings: settings.data_set.inputs == len(INPUTS),
)
ACTIVATION = ChoiceKnob(
    name="activation",
    label="Activation",
    meaning="The function applied to each hidden unit's weighted sum.",
    article="relu",
    table=ACTIVATIONS,
    applies=lambda settings: bool(settings.hidden_units),
)
LOSS = ChoiceKnob(
    name="loss",
    label="Loss",
    meaning="The error that training minimises.",
    article="mse",
    table=LOSSES,
    suits=lambda settings, loss: settings.data_set.task in loss.tasks,
)
OPTIMIZER = ChoiceKnob(
    name="optimizer",
    label="Optimizer",
    meaning="How gradients become weight updates.",
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
    meaning="Multiplies the learning rate of the last layer only. At 0 the last layer keeps its "
    "first weights.",
    article=1.0,
    stops=(
        *(0.0, 0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
        *(2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1_000.0, 10_000.0),
    ),
    sign="×",
    # Without hidden layers, the last layer is the whole network.
    applies=lambda settings: bool(settings.hidden_units),
)
L1 = NumberKnob(
    name="l1",
    label="L1 penalty",
    meaning="Multiplies the sum of |w| over all weights and biases, which is added to the loss "
    "before backward(), but not to the printed loss.",
    article=0.0,
    stops=PENALTIES,
)
L2 = NumberKnob(
    name="l2",
    label="L2 penalty",
    meaning="The optimizer's weight_decay. Multiplies each weight and bias, which is then added to "
    "its gradient. AdamW instead shrinks each by this share times the learning rate; its default "
    "is 0.01.",
    article=0.0,
    stops=PENALTIES,
    follows=lambda settings: OPTIMIZERS[settings.optimizer].weight_decay,
)
BATCH_SIZE = NumberKnob(
    name="batch_size",
    parameter="batch",
    label="Batch size",
    meaning="How many rows each update uses: all rows, or batches that are shuffled each epoch.",
    article=0,
    stops=(0, 1, 2, 5, 10, 20, 50, 100, 200, 500),
    highest=1_000,
    zero="all rows",
    has_same_effect=lambda settings: settings.batch_size >= settings.training_rows,
)
INITIALISATION = ChoiceKnob(
    name="initialisation",
    parameter="init",
    label="Weight initialisation",
    meaning="How the weights are drawn before the training.",
    article="default",
    table=INITIALISATIONS,
)
WEIGHT_SEED = OptionalKnob(
    name="weight_seed",
    parameter="weight_seed",
    label="Seed of the weights",
    meaning="Seeds the random generator again just before the first weights are drawn: the data "
    "stay the same, while the first weights and the order of the batches follow this seed. At the "
    "left end, there is only one seed.",
    article=None,
    number=replace(SEED, name="weight_seed", parameter="weight_seed", label="Seed of the weights"),
    noun="weights",
    some="from seed",
    none="drawn after the data",
    # If nothing is drawn before the weights, `seed` already seeds the weights.
    applies=lambda settings: settings.draws_rows,
)
CLIP = NumberKnob(
    name="clip",
    label="Clip gradients",
    meaning="Limits the norm of all gradients together to this value; 0 is off.",
    article=0.0,
    stops=(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)
KEEP = ChoiceKnob(
    name="keep",
    label="Keep",
    meaning="The state that the run ends with: after the last update, or with the lowest test "
    "loss. To choose a state by the test rows makes their loss look a little better than it is.",
    article="last",
    table=ENDINGS,
    applies=lambda settings: settings.test_rows > 0,
)
