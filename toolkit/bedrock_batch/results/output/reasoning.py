"""Reasoning that stands in the text itself, between marks that only the model's family explains."""

from collections.abc import Sequence

# OpenAI's gpt-oss and, as their chat templates have it, DeepSeek-R1, Qwen, MiniMax and other open models.
_MARKS = (("<reasoning>", "</reasoning>"), ("<think>", "</think>"))
_OPENINGS = tuple(opening for opening, _ in _MARKS)
_BEFORE = frozenset("< \t\r\n")


def apart(texts: Sequence[str | None], completions: Sequence[str | None]) -> dict[int, tuple[str, str]]:
    """Find the texts that begin with reasoning.

    Parameters
    ----------
    texts : sequence of str or None
        What models have answered.
    completions : sequence of str or None
        Those of them that go on with a prompt: DeepSeek-R1's prompt ends in the opening mark, so that its answer has
        the closing one only.

    Returns
    -------
    dict of int to (str, str)
        From the row of each to its reasoning and its answer. One that ends before its reasoning does has an empty
        answer.
    """
    rows = [row for row, text in enumerate(texts) if text and text[0] in _BEFORE]
    found = {row: _divided(text) for row in rows if (text := texts[row]) and text.lstrip().startswith(_OPENINGS)}
    if any(completions):
        unmarked = {row: _divided(text) for row, text in enumerate(completions) if text and "</think>" in text}
        return unmarked | found
    return found


def _divided(text: str) -> tuple[str, str]:
    for opening, closing in _MARKS:
        if text.lstrip().startswith(opening):
            reasoning, _, answer = text.lstrip().removeprefix(opening).partition(closing)
            return reasoning.strip(), answer.lstrip()
    reasoning, _, answer = text.partition("</think>")
    return reasoning.strip(), answer.lstrip()
