"""*Code*: the script that prints the numbers on the screen, to read, run here and download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from tinynet.training.run import Run
from tinynet.ui.pace import in_turn, step_aside
from tinynet.ui.place import Place
from tinynet.ui.runs import STORE, kept_run, log_failure
from tinynet.ui.seams import has_moved_on
from tinynet.ui.session import open_with_stage
from tinynet.ui.tabs.printout import draw_printout
from tinynet.ui.tabs.reader import draw_reader
from tinynet.ui.visit import Visit
from tinynet.ui.widgets import draw_subheading

if TYPE_CHECKING:
    from tinynet.export import Form
    from tinynet.export.proof import Proof

PROOF = "proof"
DOWNLOADS_WIDTH = 340  # pixels
SEQUENTIAL, CLASS = "Sequential", "Class"
UNPROVEN = "*Run it here* runs exactly this code and compares its output with the chart."


def draw_tab(visit: Visit, run: Run | None) -> None:
    """Draw the script of a finished run, its output when run here, and the downloads."""
    draw_reader(visit)
    if run and run.finished:
        _draw_code()


@st.fragment
def _draw_code() -> None:
    """Draw the tab, as a fragment that the buttons and the choice of a form redraw."""
    if run := kept_run(open_with_stage().settings):
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
        [SEQUENTIAL, CLASS],
        default=SEQUENTIAL,
        required=True,
        key="form",
        persist_state="session",
        help="Two ways to write the same network. Both print the same numbers.",
    )
    return "class" if choice == CLASS else "sequential"


def _draw_downloads(run: Run, form: Form) -> None:
    """Draw a button for each file, which is made when the visitor asks for it."""
    from tinynet import export  # noqa: PLC0415 - torch is slow

    stem = export.file_stem(run.settings)
    with st.popover("Download", icon=":material/download:"), st.container(width=DOWNLOADS_WIDTH):
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
    """Run the script if wanted; write the verdict of its last proof, and return that proof."""
    place = Place()
    if wanted:
        try:
            st.session_state[PROOF] = _prove(script, run, place)
        except InterruptedError:  # the visitor has moved on
            return None
        except Exception:  # noqa: BLE001 - it is logged
            log_failure(run.settings)
            place.fail("The script could not be run here. It should still run on your machine.")
            return None
    proof: Proof | None = st.session_state.get(PROOF)
    if proof is None or proof.script != script:
        st.session_state.pop(PROOF, None)
        place.write(UNPROVEN)
        return None
    icon = ":material/warning:" if proof.differing else ":material/check_circle:"
    place.write(f"{icon} **{proof.verdict}** The server ran exactly the code below.")
    return proof


def _prove(script: str, run: Run, place: Place) -> Proof:
    """Run the script, taking turns with all training."""
    from tinynet.export.proof import prove  # noqa: PLC0415 - torch is slow

    epochs = len(run.losses)
    step_aside()
    with STORE.in_turns() as rest_if_over:

        def rest(done: int) -> None:
            if rest_if_over():  # drawing lets Streamlit stop this script
                place.progress("Running", done, epochs)
                if has_moved_on():
                    raise InterruptedError

        proof = prove(script, run, rest)
    # If no line differs, the run has the same lines.
    return proof if proof.differing else replace(proof, printed=())


def _draw_printed(proof: Proof, run: Run) -> None:
    if proof.differing:
        draw_printout(lambda start, stop: list(proof.printed[start:stop]), len(proof.printed))
    else:
        draw_printout(run.printed, len(run.losses))
