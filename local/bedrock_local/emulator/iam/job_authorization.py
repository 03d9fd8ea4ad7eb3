"""Who may do what with jobs, and ask models: our service decides that, for each resource.

ministack authorizes batch inference against the resource ``*``, so a policy with narrow ARNs would be refused wrongly;
and on-demand inference against one ARN, also where it goes through a profile.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html
"""

from ministack.core import iam_actions

from bedrock_local.bedrock.service_model.routes import find_route

NEEDS = ("core.iam_actions.extract_iam_action",)

Query = dict[str, list[str]]
Headers = dict[str, str]


def authorize_jobs_ourselves() -> None:
    """Name no action for what our service answers: then ministack checks the signature only."""
    extract = iam_actions.extract_iam_action

    def extract_iam_action(  # noqa: PLR0917 -- ministack's signature
        service: str, method: str, path: str, headers: Headers, body: bytes, query: Query
    ) -> str | None:
        if service in ("bedrock", "bedrock-runtime") and find_route(method, path, body):
            return None
        action: str | None = extract(service, method, path, headers, body, query)
        return action

    iam_actions.extract_iam_action = extract_iam_action
