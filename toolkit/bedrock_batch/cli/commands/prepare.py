"""``bedrock-batch prepare``."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.options import add_command, path
from bedrock_batch.cli.output_option import add_output_option, goes_to_standard_output
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.table_options import add_table_options
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.output import is_standard_output
from bedrock_batch.files.whole_file import may_be_replaced

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.prompts.report import PreparedRecords

_EXAMPLES = """\
  bedrock-batch prepare reviews.csv --template prompt.txt --model amazon.nova-lite-v1:0 --output prompts.jsonl
  bedrock-batch prepare reviews.parquet --template prompt.txt --model ... --output prompts.jsonl --id-column review_id
  bedrock-batch prepare reviews.csv --template prompt.txt --model ... --output prompts.jsonl --invocation-type Converse
  bedrock-batch prepare photos.csv --template what-is-this.txt --image-column photo --model ... --output prompts.jsonl
  bedrock-batch prepare texts.jsonl --template text.txt --model amazon.titan-embed-text-v2:0 --output prompts.jsonl
  bedrock-batch prepare reviews.csv --template prompt.txt --model ... --output - --first 3       to look at

prompt.txt is what is asked of each row, with columns in braces:  Is this review positive? {text}
{{ and }} are braces. The results beside the rows:  bedrock-batch results JOB --join reviews.csv --output answers.csv

exit codes: 0 done, 2 the table, the template or the arguments are wrong, and nothing is written
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "prepare", run, help="make the input of a job of a table, a record of each row", examples=_EXAMPLES
    )
    parser.add_argument(
        "table", type=path, metavar="TABLE", help="CSV, JSON Lines, Parquet, or a folder of Parquet files"
    )
    parser.add_argument("--template", type=path, required=True, metavar="FILE", help="what is asked, with {columns}")
    parser.add_argument("--system", type=path, metavar="FILE", help="what the system says, a template too")
    parser.add_argument("--model", required=True, metavar="ID", help="id or ARN of the model or profile")
    parser.add_argument(
        "--invocation-type",
        choices=("InvokeModel", "Converse"),
        help="what the bodies are written for (default: InvokeModel, as the service's)",
    )
    add_output_option(parser, "where to; must end in .jsonl for a job")
    _add_settings(parser)
    parser.add_argument("--id-column", metavar="NAME", help="has the ids of records (default: a digest of the row)")
    parser.add_argument(
        "--image-column", dest="images", action="append", default=[], metavar="NAME", help="paths or S3 URIs of images"
    )
    parser.add_argument(
        "--empty",
        choices=("refuse", "skip", "keep"),
        default="refuse",
        help="what becomes of a row with an empty cell that is asked about (default: refuse)",
    )
    parser.add_argument("--first", type=int, metavar="N", help="only the first N rows (default: all)")
    add_table_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prepare and print."""
    from bedrock_batch.prompts.prepare import prepare  # noqa: PLC0415 - brings the JSON library

    printed = goes_to_standard_output(arguments)
    with Progress("preparing", total=0, unit="records", shown=not printed) as progress:
        report = prepare(
            arguments.table,
            _output(arguments),
            template=arguments.template,
            model=arguments.model,
            invocation_type=arguments.invocation_type,
            system=arguments.system,
            max_tokens=arguments.max_tokens,
            temperature=arguments.temperature,
            top_p=arguments.top_p,
            stop=arguments.stop,
            id_column=arguments.id_column,
            image_columns=arguments.images,
            empty=arguments.empty,
            first=arguments.first,
            format=arguments.table_format,
            delimiter=arguments.delimiter,
            progress=progress.advance,
        )
    _tell(report, arguments, printed=printed)
    return 0


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-tokens",
        type=int,
        metavar="N",
        help="the longest answer (default: the model's own; 4096 for Claude, 2048 for Llama)",
    )
    parser.add_argument("--temperature", type=float, metavar="X", help="in the model's range (default: its own)")
    parser.add_argument("--top-p", type=float, metavar="X", help="from 0 to 1 (default: the model's own)")
    parser.add_argument(
        "--stop", action="append", default=[], metavar="TEXT", help="ends an answer; may be given several times"
    )


def _output(arguments: argparse.Namespace) -> Path:
    output: Path | None = arguments.output
    if output is None:
        raise BedrockBatchError("no place for the records is named; name a file with --output, - is standard output")
    if not is_standard_output(output) and may_be_replaced(output) and output.suffix != ".jsonl":
        raise BedrockBatchError(f"{output}: the name of an input file must end in .jsonl; name another")
    return output


def _tell(report: "PreparedRecords", arguments: argparse.Namespace, *, printed: bool) -> None:
    if arguments.json:
        content = asdict(report) | {"file": str(report.file), "estimatedTokens": report.estimated_tokens}
        del content["sampled"]
        content["imageBytes"], content["imagesInS3"] = content.pop("image_bytes"), content.pop("images_in_s3")
        write_json(content)
        return
    say = note if printed else write
    say(str(report) if printed else f"{report.file}: {report}")
    for remark in report.notes:
        note(remark)
