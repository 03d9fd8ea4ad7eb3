"""What the pages show: their blocks of code."""

import re


def shown(page: str, language: str) -> list[str]:
    """Find the blocks of a language in the text of a page, without their fences."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
