"""A server that sends nothing for a while, if a message comes while a script runs."""

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

STALLED = "The server was held up."
STALL, LONG = 1.5, 2.0  # seconds


@cache
def begin_to_stall() -> None:
    """From now on, hold up the server's one loop behind each message to a script that runs."""
    ask = AppSession.request_rerun

    def ask_and_stall(session: AppSession, wanted: ClientState | None) -> None:
        is_running = session._state == AppSessionState.APP_IS_RUNNING
        ask(session, wanted)
        if is_running:
            print(STALLED, file=sys.stderr, flush=True)
            sleep(STALL)

    AppSession.request_rerun = ask_and_stall  # type: ignore[assignment, method-assign]

    def tell_slowly(run: Run | None, *, is_presented: bool) -> Diagnosis | None:
        sleep(LONG)  # so that a script lasts long enough for a message to come meanwhile
        return tell(run, is_presented=is_presented)

    setattr(rest, "tell", tell_slowly)  # noqa: B010 - as pytest's monkeypatch does
