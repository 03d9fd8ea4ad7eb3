"""A run: the stack of what is needed, the trials side by side, what they have seen."""

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

from .account import Account
from .bench import Bench, Lab
from .deployment import deploy
from .events import Events
from .findings import Finding
from .table import TRIALS
from .world import make_world

#: Below the least number of jobs that an account was seen to run of a model, with those that wait for their turn.
_AT_ONCE = 8
#: IAM takes its time to tell everybody of new roles.
_SETTLE_SECONDS = 15


def run(account: Account, model: str, folder: Path, say: Callable[[str], None]) -> tuple[Lab, Mapping[str, Finding]]:
    """Make the world, deploy the stacks, try everything, and return what was seen."""
    over = threading.Event()
    try:
        say("making the stack with roles, records and a queue")
        world = make_world(account, over.wait)
        lab = Lab(world, model, secrets.token_hex(4), Events(world), over=over)
        deploying = threading.Thread(target=_deploy, args=[lab, folder])
        with ExitStack() as ends:
            ends.callback(deploying.join)
            ends.callback(over.set)
            deploying.start()
            say(f"deploying the stacks (see {folder / 'cdk.log'}), and trying {len(TRIALS)} facts")
            lab.sleep(_SETTLE_SECONDS)
            return lab, try_all(lab, TRIALS, say)
    finally:
        over.set()


def try_all(lab: Lab, names: Iterable[str], say: Callable[[str], None]) -> dict[str, Finding]:
    """Try some of the table's, several at a time."""
    findings: dict[str, Finding] = {}
    threads = ThreadPoolExecutor(_AT_ONCE)
    try:
        for done in as_completed([threads.submit(_try, lab, name) for name in names]):
            finding = done.result()
            findings[finding.name] = finding
            say(f"{TRIALS[finding.name].fact}: {finding.seen} ({finding.verdict})")
    except BaseException:
        lab.over.set()
        raise
    finally:
        # Nobody makes a job any more when it is cleaned up.
        threads.shutdown(cancel_futures=True)
    return findings


def _try(lab: Lab, name: str) -> Finding:
    bench = Bench(lab, name.replace(" ", "-"))
    try:
        seen = TRIALS[name].provoke(bench)
        return Finding(name, seen, bench, events=lab.events.of(*bench.names))
    except Exception as error:  # noqa: BLE001 - whatever breaks a trial, the others are of use
        return Finding(name, f"{type(error).__name__}: {error}", bench, answered=False)


def _deploy(lab: Lab, folder: Path) -> None:
    try:
        lab.deployed.set_result(deploy(lab, folder))
    except Exception as error:  # noqa: BLE001 - whoever asks for the stacks gets it
        lab.deployed.set_exception(error)
