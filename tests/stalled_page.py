"""The page on a server that sends nothing for a while, if a message comes while a script runs."""

from __future__ import annotations

import runpy
from time import sleep

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState

from tests.browser import PAGE
from tinynet.ui import redraw

STALL = 1.5  # seconds
ask = AppSession.request_rerun


def ask_and_stall(session: AppSession, wanted: ClientState | None) -> None:
    """Hand the message on, and hold up the server's one loop."""
    is_running = session._state == AppSessionState.APP_IS_RUNNING
    ask(session, wanted)
    if is_running:
        sleep(STALL)


if not hasattr(redraw, "is_slow"):
    redraw.is_slow = True  # type: ignore[attr-defined]
    redraw.BREATH = 0.08  # so that a script lasts long enough for a message to come meanwhile
    AppSession.request_rerun = ask_and_stall  # type: ignore[assignment, method-assign]

runpy.run_path(str(PAGE))
