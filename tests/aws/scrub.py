"""What tells of the account goes out of texts: each id becomes an example of its kind, equal ones the same.

Times keep their distances: all are moved alike, so that the first is the first of January.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

ACCOUNT = "123456789012"
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
#: As the API, the events' details and AWS's own page about events write times; the space may be a narrow one.
_FORMS = {
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d": ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"),
    r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d\s[AP]M": ("%b %d, %Y, %I:%M:%S %p",),
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d UTC \d{4}": ("%a %b %d %H:%M:%S UTC %Y",),
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d": ("%a, %d %b %Y %H:%M:%S",),
}
# In JSON a word may begin after the escape of a line's end.
_BEGIN = r"(?:(?<![\w])|(?<=\\[nrt]))"
_EPOCH = _BEGIN + r"(?<![.-])(?:1[6-9]|2[0-4])\d{8}(?:\d{3})?(?![\w-])"
_TIME = re.compile("|".join([*_FORMS, _EPOCH]))

#: The kinds of ids: a pattern, and what the n-th of them becomes. An earlier one counts where two begin.
_KINDS: Mapping[str, tuple[str, str]] = {
    "principal": (r"(?<=\d{12}:)(?:assumed-role|federated-user|user|role)/[\w+=,.@/-]+", "role/example-{n}"),
    "uuid": (_BEGIN + r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "00000000-0000-4000-8000-{n:012}"),
    "time": (_TIME.pattern, ""),
    "email": (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "person-{n}@example.com"),
    "account": (r"(?<!\d)\d{12}(?!\d)", ACCOUNT),
    "key": (_BEGIN + r"(?:A3T|AKIA|ASIA|AROA|AIDA|AGPA|ANPA|AIPA)[A-Z0-9]{12,}\b", "AROAEXAMPLE{n:010}"),
    "hex": (_BEGIN + r"[0-9a-f]{16,}(?!\w)", "eeeeeeeeeeeeeeeeeeeeeeeeeeee{n:04}"),
    "secret": (_BEGIN + r"(?<![/+-])(?=[\w/+-]*\d)[A-Za-z0-9/+]{40,}={0,2}", "EXAMPLESECRET{n}"),
    "request": (_BEGIN + r"(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{16}\b", "EXAMPLE{n:09}"),
}
#: Ids that are known by where they stand, and then wherever they stand.
_LEARNT: Mapping[str, tuple[str, str]] = {
    "job": (r"model-invocation-job/([a-z0-9]{12})\b", "testjob{n:05}"),
    "bucket": (r"(?:s3://|arn:[\w-]+:s3:::)([a-z0-9][a-z0-9.-]+[a-z0-9])", "amzn-s3-demo-bucket{n}"),
    "name": (r'"(?:jobName|batchJobName|nameContains)": "([^"]+)"', "job-{n}"),
    "token": (r'"(?:clientRequestToken|nextToken)": "([^"]+)"', "token-{n}"),
}


@dataclass
class Scrubber:
    """Scrubs the texts of one run.

    Parameters
    ----------
    known
        Words that have to go, such as the names of roles, and what each becomes.
    """

    known: dict[str, str]
    _numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    _first: datetime | None = None

    def learn(self, text: str) -> None:
        """Look at a text; those that are scrubbed all have to be looked at before."""
        for kind, (pattern, example) in _LEARNT.items():
            for match in re.finditer(pattern, text):
                if match[1] not in self.known:
                    self.known[match[1]] = self._numbered(kind, example, match[1])
        times = [found for match in _TIME.finditer(text) if (found := _read(match[0]))]
        self._first = min([*times, *([self._first] if self._first else [])], default=None)

    def scrub(self, text: str) -> str:
        """Return a text with examples in the place of ids."""
        # The longest first: a stack's name begins a job's.
        words = "|".join(re.escape(word) for word in sorted(self.known, key=len, reverse=True) if word)
        kinds = "|".join(f"(?P<{kind}>{pattern})" for kind, (pattern, _) in _KINDS.items())
        return re.sub(f"(?P<known>{words or '(?!)'})|{kinds}", self._example, text)

    def _example(self, match: re.Match[str]) -> str:
        kind, text = str(match.lastgroup), match[0]
        if kind == "known":
            return self.known[text]
        if kind == "time":
            return self._moved(text)
        if kind == "principal" and text.partition("/")[2] in self.known:
            # A role of the suite's has a name that says what it lacks.
            return f"role/{self.known[text.partition('/')[2]]}"
        return self._numbered(kind, _KINDS[kind][1], text)

    def _numbered(self, kind: str, example: str, text: str) -> str:
        if text.startswith(example.partition("{")[0]):
            # One already.
            return text
        numbers = self._numbers.setdefault(kind, {})
        return example.format(n=numbers.setdefault(text, len(numbers) + 1))

    def _moved(self, text: str) -> str:
        found = _read(text)
        if not found:
            return text
        distance = found - (self._first or found)
        return _write(text, _FIRST + distance)


def _read(text: str) -> datetime | None:
    if text.isdigit():
        return datetime.fromtimestamp(int(text[:10]), UTC)
    form = _form(text)
    return datetime.strptime(re.sub(r"\s", " ", text), form).replace(tzinfo=UTC) if form else None


def _write(text: str, time: datetime) -> str:
    if text.isdigit():
        return f"{int(time.timestamp())}{text[10:]}"
    written = time.strftime(_form(text))
    # Neither a day nor an hour has a zero before it in words.
    return re.sub(r"\b0(\d)(?=, \d{4}|:\d\d:\d\d\s[AP]M)", r"\1", written) if text.endswith("M") else written


def _form(text: str) -> str:
    for pattern, forms in _FORMS.items():
        if re.fullmatch(pattern, text):
            return next(form for form in forms if _fits(text, form))
    return ""


def _fits(text: str, form: str) -> bool:
    try:
        datetime.strptime(re.sub(r"\s", " ", text), form)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True
