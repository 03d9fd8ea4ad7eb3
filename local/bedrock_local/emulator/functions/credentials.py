"""The credentials of a function: ministack makes them of its name and its role, which anybody may know.

Seen in ministack 1.5.33.
"""

import hashlib
import hmac
import secrets

from ministack.core import lambda_runtime

from bedrock_local.emulator.seen import Seen

NEEDS = ("core.lambda_runtime.hashlib",)


def draw_secrets() -> None:
    """Give a function credentials that nobody can compute who knows its name and its role, as ministack does.

    They stay what they are while the server runs: a function that has started goes on with them.
    """
    key = secrets.token_bytes()
    lambda_runtime.hashlib = Seen(hashlib, sha256=lambda names: hmac.new(key, names, hashlib.sha256))
