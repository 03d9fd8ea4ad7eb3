"""The items of a Map that are read in S3: by the role of the machine, and a line at a time.

ministack asks no role, splits JSONL also where a text has a separator of Unicode's, and calls an object that it cannot
read an error of its own. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html,
https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.services import s3, stepfunctions

from bedrock_local.emulator.machines.attempts import current_attempt
from bedrock_local.emulator.machines.roles import require_permission
from bedrock_local.environment import PARTITION
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.services.kms import key_context
from bedrock_local.services.s3 import BUCKET_KEY, KEY_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_local.emulator.machines.attempts import Execution
    from bedrock_local.emulator.machines.walks import Context

NEEDS = (
    "services.s3._head_object",
    "services.stepfunctions._ExecutionError",
    "services.stepfunctions._parse_reader_items",
    "services.stepfunctions._read_map_items",
    "services.stepfunctions._resolve_params_obj",
)

_FAILED = "States.ItemReaderFailed"
_LISTS = ":s3:listObjectsV2"

Reader = dict[str, Any]


def read_items() -> None:
    """Read the items of a Map as its role may, and as they are written."""
    read, parse = stepfunctions._read_map_items, stepfunctions._parse_reader_items  # noqa: SLF001 -- no public way in

    def read_map_items(reader: Reader, given: Any, context: Context) -> list[Any]:  # noqa: ANN401 -- any JSON
        asked = stepfunctions._resolve_params_obj(reader.get("Parameters") or reader.get("Arguments"), given, context)  # noqa: SLF001 -- no public way in
        _require_permission(reader["Resource"], asked)
        try:
            items: list[Any] = read(reader, given, context)
        except (ValueError, LookupError, TypeError) as error:
            raise stepfunctions._ExecutionError(_FAILED, f"{json.dumps(asked)}: {error}") from None  # noqa: SLF001 -- the same
        return items

    def parse_reader_items(text: str, config: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- any JSON
        if config.get("InputType") == "JSONL":
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        return parse(text, config)

    stepfunctions._read_map_items = read_map_items  # noqa: SLF001 -- no public way in
    stepfunctions._parse_reader_items = parse_reader_items  # noqa: SLF001 -- the same


def _require_permission(resource: str, asked: Mapping[str, Any]) -> None:
    attempt = current_attempt()
    if attempt is None:
        return
    bucket, key = str(asked.get("Bucket")), str(asked.get("Key"))
    arn = str(Arn(PARTITION, "s3", "", "", bucket))
    if resource.endswith(_LISTS):
        require_permission(attempt.execution, "s3:ListBucket", arn, _FAILED)
    else:
        require_permission(attempt.execution, "s3:GetObject", f"{arn}/{key}", _FAILED)
        _, headers, _ = s3._head_object(bucket, key)  # noqa: SLF001 -- no public way in
        _require_key(attempt.execution, headers, arn if BUCKET_KEY in headers else f"{arn}/{key}")


def _require_key(execution: Execution, headers: Mapping[str, str], encrypted: str) -> None:
    if key := headers.get(KEY_ID):
        context = key_context(Place.of(execution["stateMachineArn"]).region, encrypted)
        require_permission(execution, "kms:Decrypt", key, _FAILED, context)
