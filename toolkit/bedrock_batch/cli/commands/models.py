"""``bedrock-batch models``."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import note, write_json, write_table
from bedrock_batch.cli.session import client
from bedrock_batch.cli.style import Style
from bedrock_batch.records.limits import GIGABYTE
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.models.offered import Offer, OfferedModel

_EXAMPLES = """\
  bedrock-batch models                               what takes jobs in the Region, and how much a job may be
  bedrock-batch models haiku --region eu-central-1   all that have it in their names, also what takes none, and why
  bedrock-batch models --all --json

limits are the account's quotas: records of a job (at least, at most, in a file), bytes of a file and of a job, and jobs
of one model side by side. No API says which models take batch jobs: BATCH is what AWS's page has for the Region, as
of autumn 2026.
"""
_COLUMNS = ("MODEL OR PROFILE", "BATCH", "AT LEAST", "PER JOB", "PER FILE", "FILE", "JOB", "JOBS", "")


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "models",
        run,
        help="list the models that take batch jobs, and their limits",
        examples=_EXAMPLES,
        aws=True,
    )
    parser.add_argument(
        "text", nargs="?", metavar="TEXT", help="only what has it in its id, its model's or its name, in any case"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="also what takes none or is not known to (default: only with TEXT)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask and print."""
    from bedrock_batch.models.offered import offered_models  # noqa: PLC0415 - brings boto3

    offer = offered_models(client("bedrock", arguments), client("service-quotas", arguments))
    shown = list(_shown(offer, arguments))
    if arguments.json:
        write_json({**asdict(offer), "models": [asdict(model) for model in shown]})
        return 0
    if shown:
        write_table([_COLUMNS, *(_row(model, Style(arguments)) for model in shown)])
    _tell(offer, shown, arguments.text)
    return 0


def _shown(offer: "Offer", arguments: argparse.Namespace) -> "Iterator[OfferedModel]":
    text = (arguments.text or "").lower()
    for model in offer.models:
        wanted = text or arguments.all or model.batch == "documented"
        if wanted and any(text in name.lower() for name in (model.id, model.model, model.name)):
            yield model


def _tell(offer: "Offer", shown: "list[OfferedModel]", text: str | None) -> None:
    if not shown:
        what = f"called so: {shortened(text)}" if text else "that AWS documents for batch inference"
        note(f"no model or profile in {offer.region} {what}")
    if not text and (hidden := len(offer.models) - len(shown)):
        note(f"{hidden:,} more in {offer.region}; --all has them")
    for name, limits in offer.unclaimed.items():
        told = ", ".join(f"{limit} {value:,}" for limit, value in limits.items())
        note(f"quotas of a model of which no id is known: {name}: {told}")
    for sentence in offer.unknown:
        note(sentence)


def _row(model: "OfferedModel", style: Style) -> tuple[str, ...]:
    colour = {"documented": "green", "no": "red"}.get(model.batch, "yellow")
    limits = model.limits
    records = [_number(limits.get(name)) for name in ("min_records_per_job", "records_per_job", "records_per_file")]
    sizes = [_size(limits.get(name)) for name in ("bytes_per_file", "bytes_per_job")]
    return (
        model.id,
        style.paint(model.batch, colour),
        *records,
        *sizes,
        _number(limits.get("jobs_per_model")),
        f"{model.name}, of {model.model}; {model.why}".rstrip("; ") if model.name else model.why,
    )


def _number(limit: int | None) -> str:
    return "?" if limit is None else f"{limit:,}"


def _size(limit: int | None) -> str:
    return "?" if limit is None else f"{limit / GIGABYTE:g} GB"
