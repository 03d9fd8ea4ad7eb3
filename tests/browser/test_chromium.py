"""The browser of the tests is a real one, and it does not leave this machine."""

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.website import website

FETCH = "url => fetch(url).then(answer => answer.text(), () => 'refused')"


def test_it_keeps_the_rules_between_origins(browser: Browser) -> None:
    allowed = {"Access-Control-Allow-Origin": "*"}
    with website() as here, website("private") as private, website("public", allowed) as public:
        page = browser.new_page()
        page.goto(here)
        assert page.evaluate(FETCH, public) == "public"
        assert page.evaluate(FETCH, private) == "refused"


@pytest.mark.parametrize("address", ["http://example.com/", "https://192.0.2.1/", "http://[2001:db8::1]/"])
def test_it_reaches_no_other_machine(browser: Browser, address: str) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        browser.new_page().goto(address)


def test_text_is_drawn(browser: Browser) -> None:
    page = browser.new_page()
    pictures = set()
    for text in ("", "text", "other"):
        page.set_content(f"<p style='font-family: system-ui, sans-serif'>{text}</p>")
        pictures.add(page.screenshot())
    assert len(pictures) == 3
