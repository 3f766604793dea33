"""Streamlit's storage of uploads: small, also for uploads that bypass the page."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import FilePayload, Page

from tests.benchmarks.memory import settled_megabytes
from tests.browser import PAGE, Server, opened, served, settled
from tests.visitor import run, visiting
from tinynet.settings import DATA

LARGE = b"x" * 1_900_000
BOUNDARY = "----one-file"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without uploads."""
    with served(PAGE) as server:
        yield server


@dataclass(frozen=True)
class Upload:
    """An upload to a session that bypasses the page, sent as a browser would."""

    server: Server
    session_id: str
    file_id: str
    content: bytes = LARGE

    def begun(self) -> http.client.HTTPConnection:
        """Send all but the last byte; return the connection for the last one."""
        connection = http.client.HTTPConnection(urlsplit(self.server.address).netloc)
        connection.request("GET", "/_stcore/health")
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        connection.putrequest("PUT", f"/_stcore/upload_file/{self.session_id}/{self.file_id}")
        connection.putheader("Cookie", cookie)
        connection.putheader("X-Xsrftoken", cookie.partition("=")[2].strip('"'))
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", str(len(self.body)))
        connection.endheaders(self.body[:-1])
        return connection

    @property
    def body(self) -> bytes:
        """The file as a submitted form."""
        head = 'Content-Disposition: form-data; name="file"; filename="a.csv"'
        start, end = f"--{BOUNDARY}\r\n{head}\r\n\r\n", f"\r\n--{BOUNDARY}--\r\n"
        return start.encode() + self.content + end.encode()

    def ended(self, connection: http.client.HTTPConnection) -> int:
        """Send the last byte; return the server's answer."""
        connection.send(self.body[-1:])
        status = connection.getresponse().status
        connection.close()
        return status

    def status(self) -> int:
        """Send everything; return the server's answer."""
        return self.ended(self.begun())


def bytes_kept(server: Server) -> int:
    """Return Streamlit's own count of stored uploads, which it updates every few seconds."""
    with urlopen(f"{server.address}_stcore/metrics") as answer:  # noqa: S310 - our own server
        told = answer.read().decode()
    found = re.search(r'cache_type="UploadedFileManager".*? (\d+)$', told, re.MULTILINE)
    return int(found[1]) if found else 0


def test_of_150_uploads_past_the_page_the_last_three_are_kept(server: Server) -> None:
    before = settled_megabytes(server)

    async def upload() -> None:
        async with visiting(server.address) as (visitor, _):
            for number in range(150):
                assert Upload(server, visitor.session_id, f"{number}").status() == 204
            assert server.megabytes - before < 20
            assert bytes_kept(server) == 3 * len(LARGE)

    run(upload())


def test_who_uploads_much_pushes_out_no_file_of_another(server: Server) -> None:
    async def upload() -> None:
        async with visiting(server.address) as (one, _), visiting(server.address) as (other, _):
            assert Upload(server, one.session_id, "mine", b"1,2,3").status() == 204
            for number in range(9):
                assert Upload(server, other.session_id, f"{number}").status() == 204
            assert bytes_kept(server) == 3 * len(LARGE) + 5

    run(upload())


def test_when_many_sessions_have_taken_up_the_memory_no_more_is_taken(server: Server) -> None:
    async def upload() -> None:
        async with AsyncExitStack() as stack:
            answers = []
            for _ in range(13):
                visitor, _ = await stack.enter_async_context(visiting(server.address))
                uploads = [Upload(server, visitor.session_id, f"{number}") for number in range(3)]
                answers += [each.status() for each in uploads]
            room = 64 * 1024 * 1024 // len(LARGE)
            assert answers == [204] * room + [507] * (len(answers) - room)
            again = Upload(server, visitor.session_id, "small", b"1,2,3")
            assert again.status() == 204

    run(upload())


def test_what_arrives_when_its_session_has_ended_is_not_kept(server: Server) -> None:
    async def leave_while_it_comes() -> tuple[Upload, http.client.HTTPConnection]:
        async with visiting(server.address) as (visitor, _):
            upload = Upload(server, visitor.session_id, "late")
            return upload, upload.begun()

    upload, connection = run(leave_while_it_comes())
    while Upload(server, upload.session_id, "later", b"1").status() == 204:
        pass  # the server has not received it yet

    assert upload.ended(connection) == 400
    assert bytes_kept(server) <= 1


def test_in_a_browser_one_file_after_another_is_learned_from_and_let_go(
    page: Page, server: Server
) -> None:
    opened(page, server.address)
    page.locator(f".st-key-{DATA.parameter} input").click()
    page.get_by_role("option", name="A file, digits, iris…").click()

    for number in range(4):
        rows = "".join(f"{row},{row % (number + 2)},{'ab'[row % 2]}\n" for row in range(60))
        content = f"x,z,kind\n{rows}".encode()
        file = FilePayload(name=f"own{number}.csv", mimeType="text/csv", buffer=content)
        page.locator(".st-key-file input[type=file]").set_input_files(file)
        page.wait_for_url(f"**data=file.own{number}.csv.60.*")
        settled(page)

    assert bytes_kept(server) == 0
