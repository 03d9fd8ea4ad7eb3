from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local_aws.conftest import LocalAws, records

from .visitor import Visitor
from .window import MARKUP, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def visitor(aws: LocalAws) -> Visitor:
    return Visitor(aws)


@pytest.fixture(scope="module")
def bucket(aws: LocalAws) -> str:
    return aws.bucket({"in.jsonl": records(text=f"{MARKUP} {{n}}")})


@pytest.fixture
def page(browser: Browser, aws: LocalAws) -> Iterator[Page]:
    with opened(browser, aws) as page:
        yield page
