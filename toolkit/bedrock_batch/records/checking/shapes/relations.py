"""What values of a body have to be beside each other: a shape looks at that last, when each value alone is right."""

import re

#: What the decoder passes on of a rule that is broken; its own words begin with a capital letter.
BROKEN = re.compile(r"(?P<place>[a-z][\w.\[\]]*): (?P<rule>.*)", re.DOTALL)


def broken(place: str, rule: str) -> ValueError:
    """Make the error of a rule that is broken.

    Parameters
    ----------
    place : str
        The value to change, by its way through the body: 'messages[0].role'.
    rule : str
        What follows its name in a sentence: the rule, and what to change.
    """
    return ValueError(f"{place}: {rule}")


def require_user_first(role: str) -> None:
    """Require that the first message is the user's.

    Raises
    ------
    ValueError
        If it is not.
    """
    if role != "user":
        raise broken(
            "messages[0].role", f'must be "user" in the first message, got "{role}"; begin with what users say'
        )
