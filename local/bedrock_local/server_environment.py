"""What the server of a local AWS gets of the environment of who starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_local.environment import isolated

if TYPE_CHECKING:
    from collections.abc import Mapping

_TO_START = ("PATH", "HOME", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_TO_SPEAK = ("LANG", "LC_ALL", "LC_CTYPE", "BEDROCK_LOCAL_MAKE")
# To the server of a model, which --model may name.
_TO_A_MODEL = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
# The parts of an upload, 8 MiB each, are copied a few times on their way. glibc would give the memory of each copy back
# to the system, and take it anew for the next: more work than all copying.
_TO_KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2), "MALLOC_TRIM_THRESHOLD_": str(64 * 1024**2)}
_KEPT = {*_TO_START, *_TO_SPEAK, *_TO_A_MODEL}


def server_environment(inherited: Mapping[str, str], scratch: str) -> dict[str, str]:
    """Keep what the server needs: no token of the user's, and no setting of the emulator's that is in the user's shell.

    Parameters
    ----------
    inherited
        The environment of who starts it.
    scratch
        Folder for temporary files.
    """
    kept = {name: value for name, value in inherited.items() if name.upper() in _KEPT}
    return isolated(kept, {"TMPDIR": scratch, **_TO_KEEP_MEMORY})
