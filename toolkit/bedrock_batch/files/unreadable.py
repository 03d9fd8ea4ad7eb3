"""Why a file of this machine cannot be read."""

from pathlib import Path

from bedrock_batch.values import shortened


def unreadable(error: OSError) -> str:
    """Say why the operating system does not hand out a file, and what to do."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return f"there is no such file; check the path (a relative one starts at {shortened(str(Path.cwd()), 200)})"
        case PermissionError():
            return "may not be read by this user (permission denied); change its permissions with chmod"
        case _:
            return f"cannot be read: {error.strerror or error}; try another copy of the file"
