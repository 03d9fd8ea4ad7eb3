"""Members that nothing is read of: told, as everything that is lost."""

from collections.abc import Set as AbstractSet


def lose_unread(found: dict[str, object], read: AbstractSet[str], of: str, lost: set[str]) -> None:
    """Tell of what else an object has: `cache_control`, say, which other servers read there.

    Parameters
    ----------
    found : dict
        The object.
    read : set of str
        The members that are read.
    of : str
        What it is: "a message", "a part".
    lost : set of str
        Told of the others.
    """
    if len(found) > len(read) or not found.keys() <= read:
        lost.update(f"{name} of {of}" for name, value in found.items() if name not in read and value)
