"""A server that sends nothing for a while if a message arrives while a script runs."""

from __future__ import annotations

import sys
from functools import cache
from time import sleep

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession, AppSessionState

from tinynet.analysis.diagnosis import Diagnosis
from tinynet.training.run import Run
from tinynet.ui import rest
from tinynet.ui.story.story import tell
from tinynet.ui.visit import Visit

STALLED = "The server was held up."
STALL, LONG = 1.5, 2.0  # seconds


@cache
def begin_to_stall() -> None:
    """Stall the server's event loop after each message to a running script, from now on."""
    ask = AppSession.request_rerun

    def ask_and_stall(session: AppSession, wanted: ClientState | None) -> None:
        is_running = session._state == AppSessionState.APP_IS_RUNNING
        ask(session, wanted)
        if is_running:
            print(STALLED, file=sys.stderr, flush=True)
            sleep(STALL)

    AppSession.request_rerun = ask_and_stall  # type: ignore[assignment, method-assign]

    def tell_slowly(run: Run | None, visit: Visit, diagnosis: Diagnosis | None, tried: str) -> None:
        sleep(LONG)  # so that the script runs long enough for a message to arrive
        tell(run, visit, diagnosis, tried)

    setattr(rest, "tell", tell_slowly)  # noqa: B010 - as pytest's monkeypatch does
