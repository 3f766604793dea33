"""The next step: train on, or undo."""

from __future__ import annotations

import streamlit as st

from tinynet.settings.knobs import KEEP
from tinynet.training.expressions import begins_as
from tinynet.training.run import Run
from tinynet.ui.session import change_page, follow
from tinynet.ui.visit import Visit

FROM_ITS_END = "Doubles the epochs and continues from the current weights."
FROM_THE_START = "Doubles the epochs and starts over, because the schedule depends on their number."
FROM_BEFORE_THE_BEST = (
    "Doubles the epochs and starts over, because the state with the lowest test loss, which is "
    "kept, may not be the last."
)


def draw_next_step(visit: Visit, run: Run | None) -> None:
    """Draw *Train on* and *Undo*."""
    trains = visit.story_step is None and visit.longer and not (run and run.finished)
    with st.container(horizontal=True, key="next awaited" if trains else "next"):
        if not visit.is_presented:
            _draw_train_on(visit, run)
        if visit.can_undo:
            icon, act = ":material/undo:", (Visit.undone,)
            st.button("Undo", key="undo", icon=icon, on_click=change_page, args=act)


def _draw_train_on(visit: Visit, run: Run | None) -> None:
    """Draw the button that doubles the epochs; a disabled button is an invisible placeholder."""
    has_ended = run is not None and run.finished and not run.diverged
    has_ended = has_ended and visit.story_step is None
    wanted = visit.longer if has_ended else None
    if wanted and begins_as(wanted, visit.settings):
        meaning = FROM_ITS_END
    else:
        is_last = visit.settings.keep == KEEP.article
        meaning = FROM_THE_START if is_last else FROM_BEFORE_THE_BEST
    st.button(
        "Train on",
        key="train_on",
        icon=":material/fast_forward:",
        disabled=wanted is None,
        help=meaning if wanted else None,
        on_click=follow,
        args=(visit.settings, wanted),
    )
