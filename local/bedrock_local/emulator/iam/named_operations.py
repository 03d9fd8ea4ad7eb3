"""The operation for which a caller's policies are asked: ministack lets a request name another than it then serves.

It goes by ``Action`` and ``X-Amz-Target`` also where a service goes by the path, by nothing where it knows no name for
what is asked, and by names of its own for Lambda's operations. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from ministack.core import iam_actions

from bedrock_local.services.protocols import takes_action, takes_target

NEEDS = (
    "core.iam_actions.extract_iam_action",
    "core.iam_actions._match_rest_action",
    "core.iam_actions._BOTOCORE_SERVICE_MAP",
)

#: Operations of Lambda's whose permission is called otherwise.
_LAMBDA = {
    "GetLayerVersionByArn": "GetLayerVersion",
    "Invoke": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
}

Query = dict[str, list[str]]
Headers = dict[str, str]


def judge_what_is_served() -> None:
    """Ask for the operation that is served; and where none can be told, for all of the service's."""
    extract = iam_actions.extract_iam_action
    # So that it looks into botocore's model of it, as for others.
    iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]  # noqa: SLF001 -- no public way in

    def extract_iam_action(  # noqa: PLR0917 -- ministack's signature
        service: str, method: str, path: str, headers: Headers, body: bytes, query: Query
    ) -> str | None:
        if not takes_target(service):
            headers = {name: value for name, value in headers.items() if name != "x-amz-target"}
        if not takes_action(service):
            query = {name: values for name, values in query.items() if name != "Action"}
            headers = {**headers, "content-type": ""}
        if service == "lambda":
            action = _of_lambda(method, path, query)
        else:
            action = extract(service, method, path, headers, body, query)
        return action or f"{iam_actions.SERVICE_TO_IAM_NAMESPACE.get(service, service)}:*"

    iam_actions.extract_iam_action = extract_iam_action


def _of_lambda(method: str, path: str, query: Query) -> str | None:
    operation = iam_actions._match_rest_action("lambda", method, path, query)  # noqa: SLF001 -- no public way in
    return f"lambda:{_LAMBDA.get(operation, operation)}" if operation else None
