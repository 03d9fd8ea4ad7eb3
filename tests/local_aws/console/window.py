"""The page in a window of a browser, and places in it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .visitor import fresh_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from tests.local_aws.conftest import LocalAws

#: What somebody may have written into a record, a name or a message.
MARKUP = "<img src=x onerror=document.title='broken'>"


@contextmanager
def opened(browser: Browser, aws: LocalAws, **settings: Any) -> Iterator[Page]:
    """Open the page in a window of its own, in which it must work without complaint."""
    with browser.new_context(viewport={"width": 1000, "height": 800}, **settings) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(fresh_address(aws))
        yield page
        assert complaints == []


def line(page: Page, arn: str) -> Locator:
    """The job's line of the list."""
    return page.locator("#jobs-list > li").filter(has_text=arn)


def status(job: Locator) -> Locator:
    return job.locator("summary > .status")
