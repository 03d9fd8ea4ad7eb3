"""IAM is asked in full when something changed, not at each record."""

import time

from bedrock_local.services.changes import CHANGES
from bedrock_local.services.judgement import Judgement


def test_iam_is_asked_again_after_a_change_and_each_second_only() -> None:
    asked: list[float] = []
    judgement = Judgement(lambda: asked.append(time.monotonic()) or str(len(asked)))
    began = time.monotonic()
    answers = {judgement() for _ in range(20_000)}
    assert len(answers) == len(asked) <= 2 + time.monotonic() - began
    before = len(asked)
    CHANGES.note()
    assert int(judgement() or 0) > before


def test_an_answer_is_not_kept_past_a_change_that_came_while_iam_was_asked() -> None:
    allowed = [None, "no longer"]

    def ask() -> str | None:
        answer = allowed.pop(0)
        # After the answer was made.
        CHANGES.note()
        return answer

    judgement = Judgement(ask)
    assert judgement() is None
    assert judgement() == "no longer"
