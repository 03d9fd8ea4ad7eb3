"""The sessions of roles that several assume at once: ministack goes through them meanwhile, and whoever came broke.

A job failed with an internal error, a function had no credentials. Seen in ministack 1.5.33.
"""

from ministack.services import sts

NEEDS = ("services.sts._evict_expired_sessions", "services.sts._sessions", "services.sts._session_expired")


def keep_sessions_apart() -> None:
    """Take expired sessions away from a list of all, which nobody changes."""
    sts._evict_expired_sessions = _evict  # noqa: SLF001 -- no public way in


def _evict() -> None:
    # The list is made in one step of the interpreter, as garbage is collected elsewhere.
    for key, session in list(sts._sessions.items()):  # noqa: SLF001 -- the same
        if sts._session_expired(session):  # noqa: SLF001 -- the same
            sts._sessions.pop(key, None)  # noqa: SLF001 -- the same
