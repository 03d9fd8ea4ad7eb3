"""What S3 answers without a signature, and to pages of other origins: what a bucket's owner has opened."""

from ministack.core import iam_actions
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_region, request_scope
from ministack.services import s3

from bedrock_local.gate.request import Request
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.s3 import bucket_owner

_ANYBODY = "*"
_METHODS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
#: What may stand in an address that nobody signed: what narrows a listing, and which version. Another part of a bucket
#: or object might be judged as one thing, and served as another.
_NARROWING = frozenset(
    {
        *("prefix", "delimiter", "marker", "max-keys", "encoding-type", "list-type", "start-after"),
        *("continuation-token", "fetch-owner", "versionId", "x-id"),
    }
)


def anybody_may(request: Request) -> bool:
    """Say whether the policy of a bucket lets anybody do what is asked of S3.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-anonymous-user
    """
    path = request.s3_path
    owner = bucket_owner(S3Uri.of_path(path).bucket) if path else None
    if path is None or owner is None or request.method not in _METHODS or not _is_plain(request, path):
        return False
    headers, query = dict(request.headers), dict(request.query)
    with request_scope(owner, get_region()):
        action = iam_actions.extract_iam_action("s3", request.method, path, headers, b"", query)
        resource = iam_actions.extract_resource_arn("s3", request.method, path, headers, b"", query, "", owner)
        policy = s3.bucket_policy_for_arn(resource)
        if not action or not policy:
            return False
        context = iam_actions.s3_service_context(action, query, path, headers)
        asked = EvalContext(
            principal_arn=_ANYBODY,
            principal_type="Anonymous",
            principal_account="",
            action=action,
            resource_arn=resource,
            region=get_region(),
            source_ip="127.0.0.1",
            secure_transport=True,
            service_context={name.lower(): value for name, value in context.items()},
        )
        return bool(evaluate_resource_policy(policy[0], asked).decision == "Allow")


def _is_plain(request: Request, path: str) -> bool:
    return "//" not in path and _NARROWING.issuperset(request.query)


def lets_origin_in(request: Request) -> bool:
    """Say whether a bucket's CORS configuration lets the page that sends a request ask for this object.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
    """
    path = request.s3_path
    place = S3Uri.of_path(path) if path else None
    if place is None or not place.key or bucket_owner(place.bucket) is None:
        return False
    headers = dict(request.headers)
    if request.method == "OPTIONS":
        return bool(s3.cors_preflight(place.bucket, place.key, headers)[0] == 200)  # noqa: PLR2004 -- of HTTP
    return bool(s3.cors_response_headers(place.bucket, request.method, headers))
