"""Shared helpers for the tests of the file panel."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.page_in_app_test import opened
from tests.test_app import seen
from tinynet import Table
from tinynet.settings import DATA

OWN = "size,height,kind\n" + "".join(
    f"{each},{each % 7},{'ab'[each % 2]}\n" for each in range(39, -1, -1)
)


def asked_for_a_file() -> AppTest:
    page = opened()
    return page.selectbox(key=DATA.parameter).select(Table.kind).run()


def bring(page: AppTest, content: str | bytes, name: str = "own.csv") -> AppTest:
    content = content.encode() if isinstance(content, str) else content
    page.file_uploader[0].set_value((name, content, "text/csv"))
    return page.run()


def refusal_of(page: AppTest) -> str:
    [error] = page.error
    return seen(error.value)
