"""Nothing is done in an account that was not named, or without a yes."""

import io
import sys

import pytest

from bedrock_local.environment import ACCOUNT, aws_settings

from . import __main__ as program
from .account import open_account
from .conftest import Suite
from .own import find

#: Where nobody listens.
NOBODY = aws_settings("http://127.0.0.1:9", "none")


def refusal(monkeypatch: pytest.MonkeyPatch, *options: str, **environment: str) -> str:
    """Run it in this process, and return the one line that it says to standard error."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"AWS_MAX_ATTEMPTS": "1"} | environment).items():
        monkeypatch.setenv(name, value)
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    assert program.main(options) == 2
    (line,) = said.getvalue().splitlines()
    return line


def test_an_account_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, "--region", "us-east-1", **NOBODY)
    assert said == "test-aws: name the account that this may use: make test-aws ACCOUNT=123456789012 REGION=us-east-1"


def test_a_region_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: value for name, value in NOBODY.items() if "REGION" not in name}
    said = refusal(monkeypatch, "--account", ACCOUNT, **without)
    assert said.startswith("test-aws: name the Region that this may use: ")


def test_without_credentials_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: value for name, value in NOBODY.items() if "KEY" not in name}
    said = refusal(monkeypatch, "--account", ACCOUNT, **without)
    assert said == (
        "test-aws: there are no credentials that work (Unable to locate credentials); log in, or set AWS_PROFILE"
    )


def test_another_account_than_the_one_that_was_named_is_left_alone(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = refusal(monkeypatch, "--account", "111122223333", "--yes", **suite.aws.settings())
    assert said == (
        f"test-aws: the credentials are of account {ACCOUNT}, and the one that you named is 111122223333; use its own"
    )


def test_credentials_that_are_refused_are_none(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = suite.aws.settings() | {"AWS_SECRET_ACCESS_KEY": "wrong"}
    said = refusal(monkeypatch, "--account", ACCOUNT, "--yes", **wrong)
    assert said.startswith("test-aws: there are no credentials that work (An error occurred (")


def test_without_a_terminal_somebody_has_to_have_said_yes(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    said = refusal(monkeypatch, "--account", ACCOUNT, **suite.aws.settings())
    assert said == "test-aws: nobody is there to say yes; say it with YES=1"


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_on_a_terminal_it_asks(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    before = suite.inventory()
    said = refusal(monkeypatch, "--account", ACCOUNT, AWS_ENDPOINT_URL_PRICING=suite.prices, **suite.aws.settings())
    assert said == "test-aws: nothing was done"
    *_, cost, _, question = capsys.readouterr().out.splitlines()
    assert "USD" in cost
    assert question.startswith("Go on? [y/N]")
    assert suite.inventory() == before
    assert list(find(open_account(ACCOUNT, "us-east-1"))) == []
