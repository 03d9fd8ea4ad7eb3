"""``make test-aws``: tries in an account of AWS what nobody could tell of batch inference, and cleans up after it.

It says what it costs and asks first; it works in the account that is named and in no other.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from botocore.exceptions import BotoCoreError, ClientError

from .account import Account, RefusedError, open_account
from .cost import estimate
from .findings import write
from .own import clean, find
from .patience import OutOfPatienceError
from .run import run

_FIXTURES = Path(__file__).with_name("fixtures")
_MODEL = "amazon.nova-micro-v1:0"
_REFUSED, _INTERRUPTED = 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run; return 0 when each trial has an answer and nothing is left, 1 when not, 2 when nothing was done."""
    options = _options(arguments)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        # As Ctrl-C is told.
        signal.signal(signum, signal.default_int_handler)
    try:
        account = open_account(options.account, options.region)
        _ask(account, options)
    except RefusedError as refused:
        _say(f"test-aws: {refused}", file=sys.stderr)
        return _REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    return _clean_around(account, options)


def _clean_around(account: Account, options: argparse.Namespace) -> int:
    code = 1
    try:
        try:
            # What is left of an earlier run is in the way, and told again at the end if it stays.
            if not clean(account, _say):
                code = 0 if options.clean else _tried(account, options)
        except KeyboardInterrupt:
            _say("interrupted; cleaning up, which takes minutes")
            code = _INTERRUPTED
        except (BotoCoreError, ClientError, OutOfPatienceError) as error:
            _say(f"test-aws: {error}", file=sys.stderr)
        finally:
            left = clean(account, _say)
    except KeyboardInterrupt:
        _say("test-aws: the clean-up was interrupted; finish it with CLEAN=1", file=sys.stderr)
        return _INTERRUPTED
    for line in left:
        _say(f"test-aws: {line}", file=sys.stderr)
    return code or bool(left)


def _tried(account: Account, options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        lab, findings = run(account, options.model, Path(folder), _say)
    _say(write(lab, findings, options.fixtures))
    return 0 if all(finding.answered for finding in findings.values()) else 1


def _ask(account: Account, options: argparse.Namespace) -> None:
    """Say what will be done, and return if that is wanted."""
    _say(f"account {account.id}, {account.region}, as {account.caller}, at {account.endpoint}")
    for thing in find(account):
        _say(f"an earlier run, or one that still runs, has left: {thing.name}; it will be taken away")
    if not options.clean:
        _say(estimate(account, options.model))
        _say("besides that: two stacks with a function, a bucket and a queue, for as long as this takes")
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise RefusedError("nobody is there to say yes; say it with YES=1")
    print("Go on? [y/N] ", end="", flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise RefusedError("nothing was done")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("make test-aws", description=__doc__)
    parser.add_argument("--account", default="", help="twelve digits: the one that this may use")
    parser.add_argument("--region", default="", help="default: that of the environment or the profile")
    parser.add_argument("--model", default=_MODEL, help=f"one that jobs may name by itself (default: {_MODEL})")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--clean", action="store_true", help="only take away what an earlier run has left")
    parser.add_argument("--fixtures", type=Path, default=_FIXTURES, help="where to write what was seen")
    return parser.parse_args(arguments)


def _say(text: str, file: TextIO | None = None) -> None:
    print(text, file=file, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
