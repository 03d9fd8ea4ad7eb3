"""The page, section by section: its tables, and its charts of what."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from bedrock_batch.page.charts import histogram, shares
from bedrock_batch.page.markup import joined, tag
from bedrock_batch.page.tables import errors, first, several, stop_reasons
from bedrock_batch.page.words import moment, outcome
from bedrock_batch.values import duration, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.jobs.job import Job
    from bedrock_batch.page.facts import Facts

# Nothing is fetched and nothing runs, even if a record found a way to ask for it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_PARTS = (("succeeded", "good"), ("failed", "bad"), ("missing", "absent"))


def render_page(facts: Facts) -> str:
    """Write a page about a job.

    Parameters
    ----------
    facts : Facts
        From `gather_facts`.

    Returns
    -------
    str
        HTML, also well-formed XML, that refers to nothing outside itself.
    """
    style = files("bedrock_batch.page").joinpath("style.css").read_text(encoding="utf-8")
    title = facts.job.name if facts.job else _of(facts.jobs)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Markup(style)),  # noqa: S704 - our own file
    )
    main = tag("main", _header(facts, title), _figures(facts), _proportion(facts), _remarks(facts), *_sections(facts))
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main), lang='en')}\n"


def _of(jobs: Sequence[Job]) -> str:
    return f"Results of {f'{len(jobs)} batch inference jobs' if jobs else 'a batch inference job'}"


def _header(facts: Facts, title: str) -> Markup:
    word, style, sentence = outcome(facts)
    return tag(
        "header",
        tag("h1", title),
        tag("p", tag("span", word, class_=f"outcome {style}"), ". ", sentence),
        tag("p", facts.job.message, class_="outcome bad") if facts.job and facts.job.message else Markup(),
    )


def _figures(facts: Facts) -> Markup:
    job = facts.job
    shown = [
        (plural(facts.records, "record"), f"{facts.records:,}"),
        (f"{plural(facts.input_tokens, 'token')} in", f"{facts.input_tokens:,}"),
        (f"{plural(facts.output_tokens, 'token')} out", f"{facts.output_tokens:,}"),
    ]
    if prices := facts.prices:
        shown.append((f"cost, at {prices}", prices.cost(facts.input_tokens, facts.output_tokens)))
    if job and job.ended_at:
        shown.append(("from submission to end", duration((job.ended_at - job.submitted).total_seconds())))
    figures = (tag("div", tag("b", value), tag("span", name, class_="quiet"), class_="figure") for name, value in shown)
    remark = tag("p", f"Prices: {facts.price_remark}", class_="quiet") if facts.price_remark else Markup()
    return joined(tag("div", *figures, class_="figures"), remark)


def _proportion(facts: Facts) -> Markup:
    if not facts.records:
        return Markup()
    parts = [(name, getattr(facts, name), style) for name, style in _PARTS]
    legend = (tag("li", tag("i", class_=style), f"{amount:,} {name}") for name, amount, style in parts)
    return joined(shares(parts), tag("ul", *legend, class_="legend"))


def _remarks(facts: Facts) -> Markup:
    return tag("ul", *(tag("li", remark) for remark in facts.remarks), class_="remarks") if facts.remarks else Markup()


def _sections(facts: Facts) -> list[Markup]:
    found = (
        ("Timeline", _timeline(facts)),
        ("Lengths and latency", _charts(facts)),
        ("Why the model stopped", stop_reasons(facts)),
        ("Errors", errors(facts)),
        ("First records", first(facts)),
        ("Job", _details(facts)),
        ("Jobs", several(facts)),
    )
    return [tag("section", tag("h2", title), content) for title, content in found if content]


def _charts(facts: Facts) -> Markup:
    charts = (
        ("Input length", "token", facts.input_lengths),
        ("Output length", "token", facts.output_lengths),
        ("Latency", "ms", facts.latencies),
    )
    drawn = [histogram(title, unit, values) for title, unit, values in charts if values]
    return tag("div", *drawn, class_="charts") if drawn else Markup()


def _details(facts: Facts) -> Markup:
    if facts.job is None:
        return Markup()
    job = facts.job
    rows = {
        "Submitted": moment(job.submitted),
        "Ended": moment(job.ended_at),
        "Time limit": moment(job.details.get("jobExpirationTime")),
        "ARN": job.arn,
        "Model": str(job.details["modelId"]),
        "Invocation type": str(job.details.get("modelInvocationType", "InvokeModel")),
        "Input": job.input_uri,
        "Output": job.output_uri,
        "Role": str(job.details["roleArn"]),
    }
    return tag("dl", *(joined(tag("dt", name), tag("dd", value)) for name, value in rows.items() if value))


def _timeline(facts: Facts) -> Markup:
    job = facts.job
    if job is None or job.ended_at is None:
        return Markup()
    took = (job.ended_at - job.submitted).total_seconds()
    limit = (
        (job.details["jobExpirationTime"] - job.submitted).total_seconds()
        if "jobExpirationTime" in job.details
        else took
    )
    ends = (
        f"Submitted {moment(job.submitted)}",
        f"{job.status} after {duration(took)}",
        f"Time limit {duration(limit)}",
    )
    bar = shares(
        [("seconds until the end", round(took), "good"), ("seconds to spare", max(round(limit - took), 0), "track")]
    )
    return joined(bar, tag("p", *(tag("span", end) for end in ends), class_="ends quiet"))
