"""The records of all jobs: small, for whoever runs this pays them."""

import json
from typing import Any

#: The least that a job has, and the most that a record's answer has.
RECORDS, MAX_TOKENS = 100, 8


def records(count: int = RECORDS, first: int = 0, **inference: Any) -> list[dict[str, Any]]:
    """Return records as bodies of Converse, which all models of texts take."""
    return [
        {
            "recordId": f"r{number:03}",
            "modelInput": {
                "messages": [{"role": "user", "content": [{"text": f"Say only the number {number}."}]}],
                "inferenceConfig": {"maxTokens": MAX_TOKENS, **inference},
            },
        }
        for number in range(first, first + count)
    ]


def jsonl(lines: list[dict[str, Any]]) -> bytes:
    """Return records as a file."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


GOOD = jsonl(records())
#: What is in the bucket: a record in `mixed` has a temperature that no model takes.
INPUT = {
    "good.jsonl": GOOD,
    "mixed.jsonl": jsonl([*records(RECORDS - 1), *records(1, RECORDS - 1, temperature=7)]),
    "few.jsonl": jsonl(records(1)),
    "folder/above.jsonl": jsonl(records(RECORDS // 2)),
    "folder/deep/below.jsonl": jsonl(records(RECORDS // 2, RECORDS // 2)),
}
