"""The operation for which a caller's policies are asked: ministack lets a request name another than it then serves.

It goes by ``Action`` and ``X-Amz-Target`` also where a service goes by the path, and by nothing where it knows no name
for what is asked. Seen in ministack 1.5.33.
"""

from ministack.core import iam_actions

from bedrock_local.services.protocols import takes_action, takes_target

NEEDS = ("core.iam_actions.extract_iam_action",)

Query = dict[str, list[str]]
Headers = dict[str, str]


def judge_what_is_served() -> None:
    """Ask for the operation that is served; and where none can be told, for all of the service's."""
    extract = iam_actions.extract_iam_action

    def extract_iam_action(  # noqa: PLR0917 -- ministack's signature
        service: str, method: str, path: str, headers: Headers, body: bytes, query: Query
    ) -> str | None:
        if not takes_target(service):
            headers = {name: value for name, value in headers.items() if name != "x-amz-target"}
        if not takes_action(service):
            query = {name: values for name, values in query.items() if name != "Action"}
            headers = {**headers, "content-type": ""}
        action: str | None = extract(service, method, path, headers, body, query)
        namespace = iam_actions.SERVICE_TO_IAM_NAMESPACE.get(service)
        return action or (namespace and f"{namespace}:*")

    iam_actions.extract_iam_action = extract_iam_action
