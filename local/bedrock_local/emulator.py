"""The local AWS as one ASGI application: ministack, with our Bedrock batch service behind its front door.

The only module that knows ministack, with `bedrock_local.custom_resources` and `bedrock_local.bedrock.authorization`.
Its version is pinned, and what is changed in it is changed in the first two: one function each, with the reason.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bedrock_local.bedrock.api import Api
from bedrock_local.bedrock.backends import Backend
from bedrock_local.bedrock.clock import utc_now
from bedrock_local.bedrock.pace import Pace
from bedrock_local.bedrock.ports import Caller, Place
from bedrock_local.bedrock.quotas import Quotas
from bedrock_local.bedrock.responses import Response
from bedrock_local.bedrock.routes import find_route
from bedrock_local.bedrock.runner import Runner
from bedrock_local.bedrock.service import BatchInference
from bedrock_local.bedrock.store import JobStore
from bedrock_local.environment import ACCOUNT, HOST, SECRET

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[Any]]], Awaitable[None]]
Query = dict[str, list[str]]
Headers = dict[str, str]

# ministack's CloudFormation says so for every Region.
_PARTITION = "aws"


def build_app(port: int, *, backend: Backend, pace: Pace | None = None, quotas: Quotas | None = None) -> Application:
    """Build the application. One a process: ministack keeps its state, and reads its settings, in modules.

    Parameters
    ----------
    port
        Where the application will be served, on 127.0.0.1. It calls itself there.
    backend
        The model that answers the records of jobs.
    pace
        How long the statuses of a job take. Default: about two seconds before it starts.
    quotas
        Limits of a job. Default: the service's.

    Returns
    -------
    Application
        An ASGI application with lifespan, for any server.
    """
    _set_environment(port)
    # Now that its settings are in the environment.
    from ministack import app as ministack  # noqa: PLC0415 -- see above

    from bedrock_local import custom_resources  # noqa: PLC0415 -- imports ministack
    from bedrock_local.bedrock.authorization import EmulatedIam, EmulatedRoles  # noqa: PLC0415 -- the same

    quotas = quotas or Quotas()
    runner = Runner(EmulatedRoles(f"http://{HOST}:{port}"), backend, pace or Pace(), quotas, utc_now)
    store = JobStore(quotas.jobs_per_model)
    _install(Api(BatchInference(store, EmulatedIam(), _profile_models, runner.run, utc_now)))
    _authorize_jobs_ourselves()
    custom_resources.delete_after_failed_create()
    custom_resources.show_updates_in_progress()

    async def app(scope: Scope, receive: Callable[..., Awaitable[Any]], send: Callable[..., Awaitable[Any]]) -> None:
        # CDK's bootstrap bucket refuses plain HTTP. On loopback every request counts as secure.
        await ministack.app({**scope, "scheme": "https"} if "scheme" in scope else scope, receive, send)

    return app


def _set_environment(port: int) -> None:
    os.environ |= {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "ERROR",
        # ministack removes the containers that carry its label: here there are none, and others may be the user's.
        "DOCKER_HOST": "unix:///nonexistent",
        # ministack takes the credentials in its environment for its root user's: not the ones of a real account.
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        # Neither do our own clients read what is configured for real accounts.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)


def _install(api: Api) -> None:
    """Answer the paths of batch inference; every other one of Bedrock stays ministack's."""
    from ministack import app as ministack  # noqa: PLC0415 -- after the environment
    from ministack.core import responses, router  # noqa: PLC0415 -- the same

    others = ministack.SERVICE_HANDLERS["bedrock"]

    async def bedrock(method: str, path: str, headers: Headers, body: bytes, query: Query) -> Response:
        route = find_route(method, path, body)
        if route is None:
            answer: Response = await others(method, path, headers, body, query)
            return answer
        place = Place(_PARTITION, responses.get_region(), responses.get_account_id())
        return api.answer(Caller(router.extract_access_key_id(headers, query) or "", place), route, query, body)

    ministack.SERVICE_HANDLERS["bedrock"] = bedrock


def _authorize_jobs_ourselves() -> None:
    """Keep ministack from authorizing batch inference, which it does against the resource ``*``.

    A policy with narrow ARNs would be refused wrongly. Without an action it only checks the signature, and our service
    does the rest.
    """
    from ministack.core import iam_actions  # noqa: PLC0415 -- after the environment

    extract = iam_actions.extract_iam_action

    def extract_iam_action(  # noqa: PLR0917 -- ministack's signature
        service: str, method: str, path: str, headers: Headers, body: bytes, query: Query
    ) -> str | None:
        if service == "bedrock" and find_route(method, path, body):
            return None
        action: str | None = extract(service, method, path, headers, body, query)
        return action

    iam_actions.extract_iam_action = extract_iam_action


def _profile_models(profile_id: str) -> tuple[str, ...]:
    """Return the model ARNs behind an application inference profile of ministack's own Bedrock."""
    from ministack.services import bedrock  # noqa: PLC0415 -- after the environment

    profile = bedrock._inference_profiles_apps.get(profile_id, {})  # noqa: SLF001 -- no other way without a caller
    return tuple(model["ModelArn"] for model in profile.get("Models", ()))
