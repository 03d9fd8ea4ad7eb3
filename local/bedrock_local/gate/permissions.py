"""Whether a caller may write an object: asked before up to 5 GiB of it are read, and by the emulator once more."""

from collections.abc import Iterator
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import request_scope
from ministack.core.router import extract_region

from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request
from bedrock_local.gate.signatures import Signature
from bedrock_local.services.s3 import access_point_alias, with_headers_of_address


def check_put(signature: Signature) -> None:
    """Return if the signer of a PUT to S3 may do what it asks for, and of all other requests.

    Parameters
    ----------
    signature
        One that is right.

    Raises
    ------
    RefusedError
        If the signer may not.
    """
    request, credential = signature.request, signature.credential
    if not request.only_s3 or request.method != "PUT" or credential.principal_type == "Root":
        return
    region = extract_region(dict(request.headers), dict(request.query))
    with request_scope(credential.account_id, region):
        # As the emulator does, of every request.
        iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)
        for action, resource, context in _asked(request, credential.account_id, region):
            if iam_evaluator.enforce(credential.access_key_id, action, "s3", region, resource, context):
                # In IAM's own words, which clients look for.
                who = f"User: {credential.principal_arn} is not authorized to perform: {action}"
                raise RefusedError("AccessDenied", f'{who} on resource: "{resource}"')


def _asked(request: Request, account: str, region: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Tell the action, and each resource that it is about, as the emulator does."""
    path, query = request.s3_path or "/", dict(request.query)
    bucket = request.virtual_bucket
    if bucket and (alias := access_point_alias(bucket, region)):
        path = f"/{alias}{request.path}"
    headers = with_headers_of_address(dict(request.headers), query)
    action = iam_actions.extract_iam_action("s3", "PUT", path, headers, b"", query)
    if action:
        resource = iam_actions.extract_resource_arn("s3", "PUT", path, headers, b"", query, "", account)
        context = iam_actions.request_tag_context("s3", action, b"", query)
        context |= iam_actions.s3_service_context(action, query, path, headers) or {}
        for checked, keys in iam_actions.s3_access_point_resources(resource):
            yield action, checked, {**context, **keys}
