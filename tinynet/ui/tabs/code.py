"""The code that prints the numbers on the screen: to read, to run here, to take home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.pace import in_turn, step_aside
from tinynet.ui.place import Place
from tinynet.ui.runs import STORE, finished_run, note_failure
from tinynet.ui.seams import somebody_waits
from tinynet.ui.session import draw_stage_first
from tinynet.ui.tabs.printout import draw_printout
from tinynet.ui.widgets import draw_subheading

PROOF = "proof"
if TYPE_CHECKING:
    from tinynet.export import Form
    from tinynet.export.proof import Proof

ONE_LINE, AS_A_CLASS = "In one line", "As a class"
UNPROVEN = "*Run it here* runs exactly this text and compares what it prints with the chart."


def draw_code_tab(run: Run | None) -> None:
    """Draw the script of a run, what it prints when run here, and the files to take home."""
    if run and run.finished:
        _draw_code()


@st.fragment
def _draw_code() -> None:
    """Draw it again by itself where the form is changed or the script is run."""
    draw_stage_first()
    if run := finished_run():
        with in_turn("code"):
            _draw_script(run)


def _draw_script(run: Run) -> None:
    from tinynet.export import to_script  # noqa: PLC0415 - torch is slow

    with st.container(horizontal=True, vertical_alignment="bottom"):
        form = _choose_form()
        wanted = st.button("Run it here", icon=":material/play_arrow:", key="prove")
        _draw_downloads(run, form)
    script = to_script(run.settings, form)
    proof = _proof_of(script, run, wanted=wanted)
    st.code(script, language="python")
    if proof:
        draw_subheading("What it printed here")
        _draw_printed(proof, run)


def _choose_form() -> Form:
    choice = st.segmented_control(
        "The model",
        [ONE_LINE, AS_A_CLASS],
        default=ONE_LINE,
        required=True,
        key="form",
        persist_state="session",
        help="Two ways to write the same network: both print the same numbers.",
    )
    return "class" if choice == AS_A_CLASS else "sequential"


def _draw_downloads(run: Run, form: Form) -> None:
    """Draw a button for each file, which is made when the visitor asks for it."""
    from tinynet import export  # noqa: PLC0415 - torch is slow

    stem = export.file_stem(run.settings)
    with st.popover("Download", icon=":material/download:"):
        for each in export.export_files(run, form):
            _download(each.label, each.content, each.name)
        st.caption("The weights fit both forms of the model:")
        load = f'model.load_state_dict(torch.load("{stem}.pt", weights_only=True))'
        st.code(load, language="python", wrap_lines=True)


def _download(label: str, make: Callable[[], str | bytes], name: str) -> None:
    st.download_button(
        f"{label} (.{name.rpartition('.')[2]})",
        make,
        name,
        on_click="ignore",
        width="stretch",
        key=f"download {label}",
    )


def _proof_of(script: str, run: Run, *, wanted: bool) -> Proof | None:
    """Run the script if that is wanted, and say what came of it, now or the last time."""
    place = Place()
    if wanted:
        try:
            st.session_state[PROOF] = _prove(script, run, place)
        except InterruptedError:  # the visitor has moved on
            return None
        except Exception:  # noqa: BLE001 - it is noted
            note_failure(run.settings)
            place.fail("The script could not be run here. It should still run on your machine.")
            return None
    proof: Proof | None = st.session_state.get(PROOF)
    if proof is None or proof.script != script:
        st.session_state.pop(PROOF, None)
        place.write(UNPROVEN)
        return None
    icon = ":material/warning:" if proof.differing else ":material/check_circle:"
    place.write(f"{icon} **{proof.verdict}** This server ran exactly the text below.")
    return proof


def _prove(script: str, run: Run, place: Place) -> Proof:
    """Run the script in turns with all other training."""
    from tinynet.export.proof import prove  # noqa: PLC0415 - torch is slow

    epochs = len(run.losses)
    step_aside()
    with STORE.in_turns() as rest_if_over:

        def rest(done: int) -> None:
            if rest_if_over():  # drawing is also where Streamlit stops what nobody waits for
                place.progress("Running", done, epochs)
                if somebody_waits():
                    raise InterruptedError

        proof = prove(script, run, rest)
    # Lines that are the run's need not be kept twice.
    return proof if proof.differing else replace(proof, printed=())


def _draw_printed(proof: Proof, run: Run) -> None:
    if proof.differing:
        draw_printout(lambda start, stop: list(proof.printed[start:stop]), len(proof.printed))
    else:
        draw_printout(run.printed, len(run.losses))
