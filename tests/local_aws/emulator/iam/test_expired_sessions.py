import time
from typing import Any

import pytest
from ministack.services import sts

from bedrock_local.emulator.iam.expired_sessions import keep_sessions_apart


class Meanwhile(dict[str, Any]):
    """A session during whose look somebody else assumes a role."""

    def __init__(self, sessions: dict[str, Any]) -> None:
        super().__init__()
        self._sessions = sessions

    def get(self, name: str, default: Any = None) -> Any:
        self._sessions["another"] = {}
        return super().get(name, default)


def test_a_role_is_assumed_while_another_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions: dict[str, Any] = {}
    sessions |= {"looked-at": Meanwhile(sessions), "over": {"Expiration": time.time() - 1}}
    monkeypatch.setattr(sts, "_sessions", sessions)
    # What it was is put back at the end.
    monkeypatch.setattr(sts, "_evict_expired_sessions", None)
    keep_sessions_apart()
    sts.register_session("mine", {})
    assert sessions.keys() == {"looked-at", "another", "mine"}
