"""A PyTorch script -> settings, and the lines that are understood; nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tinynet.reading.data import share_of, take_data
from tinynet.reading.expressions import TooLongError
from tinynet.reading.findings import Findings, Line, Marked
from tinynet.reading.known import DATA, START, known_functions, takes_logits
from tinynet.reading.loop import OPTIMIZER, SCHEDULER, Loop, loop_of, take_loop
from tinynet.reading.losses import Compared, compared_in
from tinynet.reading.network import Network, ends_with, network_of, take_end, take_network
from tinynet.reading.optimizer import take_optimizer, take_schedule
from tinynet.reading.rows import Rows, without_batches, without_features, without_test_rows
from tinynet.reading.statements import Statements
from tinynet.reading.values import Path, Value
from tinynet.registry.losses import LOSSES
from tinynet.registry.tasks import TaskName
from tinynet.settings import EPOCHS, Settings, listed
from tinynet.user_data import Table

LONGEST = 100_000  # characters
DRAWS = {"torch.randn", "torch.rand", "torch.randperm", "torch.randint", "torch.normal"}
_LINE_ENDS = re.compile(r"\r\n|\r|\n")  # as Python counts lines, unlike splitlines()
_OF_A_NOTEBOOK = re.compile(r"^[ \t]*(```.*|[!%].*)$", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """The parts of a script that are understood, and the parts that are not.

    A line that is in neither list has no effect on the training, as far as TinyNet knows.
    """

    settings: Settings
    understood: tuple[Line, ...]  # what each of these lines says
    others: tuple[Line, ...]  # what TinyNet does not know or does not have, and why
    text: str

    @property
    def lines(self) -> list[Marked]:
        """Return each line with its mark; a line that is understood in part is not understood."""
        said = {each.number: (True, each.words) for each in self.understood}
        said |= {each.number: (False, each.words) for each in self.others}
        texts = _LINE_ENDS.split(self.text)
        return [Marked(text, *said.get(place, (None, ""))) for place, text in enumerate(texts, 1)]


def read_script(text: str, tables: Iterable[Table] = ()) -> Script:
    """Read a PyTorch script as settings, without running any of it.

    It understands what `to_script` writes, and other ways to write the same program. A setting
    that it cannot find in the script keeps the article's value. The script may read the files of
    `tables`.

    `read_script(to_script(settings)).settings == settings`, except where two settings have the
    same script: a share of test rows comes back as the share with the fewest digits that gives
    the same number of rows.
    """
    text = text.removeprefix("\ufeff").rstrip()
    findings = Findings()
    statements = Statements(known_functions())
    try:
        statements.read(_tree(text))
    except SyntaxError as error:
        findings.refuse(error.lineno or 1, f"This line is not Python: {error.msg}.")
    except (TooLongError, RecursionError, MemoryError, ValueError):
        findings.refuse(1, "This script is too long, or too deeply nested.")
    else:
        _take(statements, tables, findings)
    settings = findings.settings()
    return Script(settings, findings.understood(settings), findings.others(), text)


def _tree(text: str) -> ast.Module:
    if len(text) > LONGEST:
        raise TooLongError
    # Commands from a notebook and code fences from a chat become empty lines.
    return ast.parse(_OF_A_NOTEBOOK.sub("", text))


def _take(statements: Statements, tables: Iterable[Table], findings: Findings) -> None:
    """Take everything from the training loop; without a loop, from the last network."""
    for line, reason in statements.surprises:
        findings.refuse(line, reason)
    loop = loop_of(statements, findings)
    if loop:
        take_loop(loop, findings)
    _take_optimizer(loop, statements, findings)
    _take_device(statements, findings)
    compared = compared_in(loop.backward.call.parts[0], findings) if loop else None
    network = network_of(compared.y_pred if compared else _predictions(statements), findings)
    if not network:
        findings.refuse(1, "This script trains no network of nn.Linear layers.")
        return
    take_network(network, findings)
    rows = Rows(network.rows, compared.y if compared else None)
    if loop and loop.backward.loops[1:]:
        rows = _without_batches(rows, loop, findings)
    _take_seeds(statements, rows, network, findings)
    _take_start(statements, findings)
    task = _task(network, compared)
    if compared:
        _take_rows(rows, network, task, tables, findings)
    _take_loss(compared, network, task, findings)


def _predictions(statements: Statements) -> Value:
    """Return the predictions of the last network of a script without a training loop."""
    sequential = [each for each in statements.made if each.name == "torch.nn.Sequential"]
    models = statements.instances or sequential
    return statements.apply(ast.Pass(), models[-1], [Path("x")], {}) if models else None


def _take_optimizer(loop: Loop | None, statements: Statements, findings: Findings) -> None:
    made = [each for each in statements.made if each.name.startswith(OPTIMIZER)]
    optimizers = [each for each in made if not each.name.startswith(SCHEDULER)]
    if stepped := loop and [each.call.parts[0] for each in loop.optimizers]:
        optimizers = stepped
    if optimizers:
        take_optimizer(optimizers[-1], findings)
    schedulers = [each for each in made if each.name.startswith(SCHEDULER)]
    if loop and loop.schedulers:
        last = loop.schedulers[-1]
        take_schedule(last.call.parts[0], findings.values.get("epochs", EPOCHS.article), findings)
        findings.understand([last.call.line], "the next learning rate")
        if len(last.loops) != 1:
            findings.refuse(last.call.line, "TinyNet changes the learning rate after each epoch.")
    elif loop and schedulers:
        findings.refuse(schedulers[-1].line, "Without scheduler.step() the rate stays the same.")


def _take_device(statements: Statements, findings: Findings) -> None:
    """Take the device that the script last moves anything to."""
    for each in statements.made:
        given = [*each.parts[1:], *dict(each.named).values()]
        device = "cuda" if each.name == ".cuda()" else next(iter(given), None)
        if each.name in {".to()", ".cuda()"} and isinstance(device, str):
            findings.take("device", device, each.lines)


def _without_batches(rows: Rows, loop: Loop, findings: Findings) -> Rows:
    found = without_batches(rows, findings)
    if found is rows:
        line = loop.backward.loops[1].line
        findings.refuse(line, "TinyNet has no such loop inside an epoch.")
    return found


def _take_seeds(statements: Statements, rows: Rows, network: Network, findings: Findings) -> None:
    """Take the seed set before the rows, and the seed set between the rows and the weights."""
    draws = [each for each in rows.made if each.name in DRAWS or each.name.startswith(DATA)]
    drawn = max((each.number for each in draws), default=0)
    for each in statements.made:
        if each.name == "torch.manual_seed" and each.number < network.number and each.parts:
            knob = "weight_seed" if 0 < drawn < each.number else "seed"
            findings.take(knob, each.parts[0], each.lines)


def _take_start(statements: Statements, findings: Findings) -> None:
    """Take the initialisation; refuse other calls that set weights."""
    for event in statements.events:
        name, line = event.call.name, event.call.line
        if name.startswith(START):
            findings.take("initialisation", name.removeprefix(START), event.call.lines)
        elif name.startswith("torch.nn.init.") or name in {".apply()", ".load_state_dict()"}:
            findings.refuse(line, "TinyNet does not know this way to set the weights.")
        elif name == "torch.nn.utils.clip_grad_value_":
            findings.refuse(line, "TinyNet clips the norm of all gradients, not each of them.")


def _task(network: Network, compared: Compared | None) -> TaskName:
    """Return the task that the network of the script is suited to."""
    if compared and compared.loss and "multiclass" in LOSSES[compared.loss].tasks:
        return "multiclass"
    has_sigmoid = ends_with(network, "sigmoid") or (compared and takes_logits(compared.made))
    return "binary" if has_sigmoid else "regression"


def _take_rows(
    rows: Rows, network: Network, task: TaskName, tables: Iterable[Table], findings: Findings
) -> None:
    """Take the data, the features and the test rows."""
    split = without_test_rows(rows, findings)
    points = without_features(split.rows.x, findings)
    split = replace(split, rows=Rows(points, split.rows.y))
    take_data(split, network.layers[0].inputs, task, tables, findings)
    if split.share:
        findings.take("test_share", split.share, split.lines)
    elif split.count:
        share = share_of(split.count, findings.settings().all_rows)
        findings.take("test_share", share, split.lines)


def _take_loss(
    compared: Compared | None, network: Network, task: TaskName, findings: Findings
) -> None:
    """Take the loss, and check that the network ends like TinyNet's network for these data."""
    end = network.layers[-1]
    settings = Settings(data=findings.values["data"]) if "data" in findings.values else None
    ours = settings.data_set.task if settings else task
    loss = compared.loss if compared else ""
    if ours == "binary" and task == "multiclass":
        loss = loss.replace("cross_entropy", "bce")
        findings.refuse(end.made.line, "For two classes, TinyNet has one output, with a sigmoid.")
    elif settings and end.outputs != settings.outputs:
        words = (
            f"TinyNet has {settings.outputs} outputs"
            if settings.outputs > 1
            else "TinyNet has one output"
        )
        findings.refuse(end.made.line, f"With these data, {words}.")
    elif ours == "binary" and task == "regression":
        findings.refuse(end.made.line, "For two classes, TinyNet ends with a sigmoid.")
    take_end(network, findings, sigmoid=ours == "binary", softmax=task == "multiclass")
    if not compared:
        return
    if loss:
        findings.take("loss", loss, compared.made.lines)
    else:
        findings.refuse(
            compared.made.line, f"TinyNet has no such loss, but {listed(LOSSES, 'and')}."
        )
