"""The tables of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bedrock_batch.page.markup import joined, tag
from bedrock_batch.page.words import excerpt, moment
from bedrock_batch.records.request import question_of
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bedrock_batch.page.facts import ErrorGroup, Facts
    from bedrock_batch.results.result import Result

_SHOWN_GROUPS = 20
_NUMBERS = ("records", "code", "share", "succeeded", "failed")


def stop_reasons(facts: Facts) -> Markup:
    """Tabulate why the model stopped."""
    ordered = sorted(facts.stop_reasons.items(), key=lambda item: -item[1])
    total = sum(facts.stop_reasons.values())
    rows = (
        tag("tr", tag("td", reason), _number(f"{count:,}"), _number(f"{count / total:.1%}"))
        for reason, count in ordered
    )
    return _table(("reason", "records", "share"), rows, class_="small") if ordered else Markup()


def errors(facts: Facts) -> Markup:
    """Tabulate the kinds of errors, with an example of each."""
    if not facts.errors:
        return Markup()
    names = ("records", "code", "message", "example", "its question")
    table = _table(names, map(_error, facts.errors[:_SHOWN_GROUPS]), class_="stacked errors")
    hidden = len(facts.errors) - _SHOWN_GROUPS
    return joined(table, tag("p", f"And {counted(hidden, 'more kind')}.", class_="quiet") if hidden > 0 else Markup())


def _error(group: ErrorGroup) -> Markup:
    example = group.example
    return tag(
        "tr",
        _number(f"{group.count:,}"),
        _number(str(group.code or "")),
        tag("td", excerpt(group.message), class_="text"),
        tag("td", example.record_id or "" if example else "", class_="id"),
        tag("td", excerpt(question_of(example.model_input)) if example else "", class_="text quiet"),
    )


def several(facts: Facts) -> Markup:
    """Tabulate the jobs, if they are several."""
    rows = (
        tag(
            "tr",
            tag("td", job.id, class_="id"),
            tag("td", job.name, class_="text"),
            tag("td", job.status),
            _number(f"{job.succeeded:,}"),
            _number(f"{job.failed:,}"),
            tag("td", job.model, class_="text quiet"),
            tag("td", moment(job.submitted)),
        )
        for job in facts.jobs
    )
    names = ("id", "name", "status", "succeeded", "failed", "model", "submitted")
    return _table(names, rows, class_="stacked") if len(facts.jobs) > 1 else Markup()


def first(facts: Facts) -> Markup:
    """Tabulate the first records."""
    return (
        _table(("record", "question", "answer"), map(_record, facts.first), class_="stacked")
        if facts.first
        else Markup()
    )


def _record(result: Result) -> Markup:
    if result.error:
        said = tag("td", f"{result.error}", class_="text outcome bad")
    elif vectors := result.embeddings:
        size = counted(len(vectors[0]), "number")
        said = tag("td", f"{counted(len(vectors), 'vector')} of {size}", class_="quiet")
    else:
        said = tag("td", excerpt(result.text or result.tool_calls or f"({result.status})"), class_="text")
    question = tag("td", excerpt(question_of(result.model_input)), class_="text quiet")
    return tag("tr", tag("td", result.record_id or "", class_="id"), question, said)


def _number(text: str) -> Markup:
    return tag("td", text, class_="number")


def _table(names: tuple[str, ...], rows: Iterable[Markup], class_: str | None = None) -> Markup:
    heads = (tag("th", name, scope="col", class_="number" if name in _NUMBERS else None) for name in names)
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_=class_)
    return tag("div", table, class_="scroll")
