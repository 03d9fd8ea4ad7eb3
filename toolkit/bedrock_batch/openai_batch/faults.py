"""Why a line of OpenAI's cannot become a record."""

from bedrock_batch.values import described


class FaultyLineError(ValueError):
    """What is wrong with a line: the message says what and what to change.

    Attributes
    ----------
    path : tuple
        The way to the value, from the line's own members on.
    """

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path: tuple[str | int, ...] = path

    def below(self, *path: str | int) -> "FaultyLineError":
        """Return it as one of an object that contains what it is about."""
        return FaultyLineError(str(self), *path, *self.path)


def unlike(name: str, rule: str, found: object) -> FaultyLineError:
    """Say that a member is not what it has to be: '"stop" must be a text or a list of texts, got the number 1'."""
    return FaultyLineError(f"'{name}' must be {rule}, got {described(found)}; correct it", name)
