"""What can be said of a job before anything of it is made: what cannot be, and what is likely to go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Annotations

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._api.region import check_region
from cdk_bedrock_batch._cdk.shared import stack_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from cdk_bedrock_batch._access.network import Network
    from cdk_bedrock_batch.input_data import InputData
    from cdk_bedrock_batch.invocation_type import InvocationType
    from cdk_bedrock_batch.model import BatchModel
    from cdk_bedrock_batch.output_data import OutputData


def first_look(
    scope: Construct,
    model: BatchModel,
    input_data: InputData,
    output_data: OutputData | None,
    invocation_type: InvocationType | None,
    *,
    encryption_key: kms.IKey | None,
    network: Network | None,
) -> list[tuple[str, str]]:
    """Look at where everything is, and at the records; return each warning with its name.

    Raises
    ------
    ValueError
        Something cannot be used in the Region of the stack, or the records are not what Bedrock takes.
    """
    stack = stack_of(scope)
    check_region(stack)
    model.check_place(stack)
    keys.check_region(encryption_key, stack)
    if network is not None:
        network.check_region(stack)
    if output_data is not None:
        output_data.check(stack)
    records = input_data.check(stack, model.body_id, invocation_type)
    return [*model.warnings(), *(("input_data:records", f"'input_data': {text}") for text in records)]


def annotate(job: Construct, warnings: Iterable[tuple[str, str]]) -> None:
    """Have synth say what is likely to go wrong; each warning can be acknowledged by its name."""
    for name, text in warnings:
        Annotations.of(job).add_warning_v2(f"cdk-bedrock-batch:{name}", text)
