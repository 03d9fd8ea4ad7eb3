"""The local AWS as one ASGI application: ministack, with our Bedrock batch service behind its front door.

It knows ministack, as do the modules that `_mend` calls and, of the service, `authorization`, `emulated_models`,
`policies` and `service_roles`. Its version is pinned, and what is changed in it is one function each, with the reason.
"""

import os

from bedrock_local.asgi import Application, Receive, Scope, Send
from bedrock_local.bedrock.access.ports import Caller
from bedrock_local.bedrock.api.admin import MOST_BYTES, PATH, Admin
from bedrock_local.bedrock.api.api import Api
from bedrock_local.bedrock.api.front import front
from bedrock_local.bedrock.api.responses import Response
from bedrock_local.bedrock.api.service import BatchInference
from bedrock_local.bedrock.execution.runner import Runner
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import SystemClock
from bedrock_local.bedrock.jobs.pace import Pace
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.models.backends import Backend
from bedrock_local.bedrock.service_model.routes import find_route
from bedrock_local.bedrock.signals.events import Events
from bedrock_local.bedrock.signals.metrics import Metrics
from bedrock_local.environment import ACCOUNT, HOST
from bedrock_local.names.place import Place

Query = dict[str, list[str]]
Headers = dict[str, str]

# ministack's CloudFormation says so for every Region.
_PARTITION = "aws"


def build_app(
    port: int,
    *,
    secret: str,
    backend: Backend,
    pace: Pace | None = None,
    quotas: Quotas | None = None,
    behaviours: Behaviours | None = None,
    admin: bool = False,
) -> Application:
    """Build the application. One a process: ministack keeps its state, and reads its settings, in modules.

    Parameters
    ----------
    port
        Where the application will be served, on 127.0.0.1. It calls itself there.
    secret
        The secret access key of every account's root user.
    backend
        The model that answers the records of jobs.
    pace
        How long the statuses of a job take. Default: about two seconds before it starts.
    quotas
        Limits of a job. Default: the service's.
    behaviours
        What the service does where that is not known. Default: what gives clients more trouble.
    admin
        Whether faults can be asked for. Default: they cannot.

    Returns
    -------
    Application
        An ASGI application with lifespan, for any server.
    """
    _set_environment(port, secret)
    # Now that its settings are in the environment.
    from ministack import app as ministack  # noqa: PLC0415 -- see above

    from bedrock_local.emulator.signals import rule_metrics  # noqa: PLC0415 -- imports ministack
    from bedrock_local.gate.gate import gate  # noqa: PLC0415 -- the same
    from bedrock_local.services import cloudwatch  # noqa: PLC0415 -- the same
    from bedrock_local.services.authorization import EmulatedIam  # noqa: PLC0415 -- the same
    from bedrock_local.services.models import EmulatedModels  # noqa: PLC0415 -- the same
    from bedrock_local.services.service_roles import EmulatedRoles  # noqa: PLC0415 -- the same

    quotas, clock, faults = quotas or Quotas(), SystemClock(), Faults()
    events, metrics = Events(rule_metrics.put, faults), Metrics(cloudwatch.record_batch_inference)
    roles = EmulatedRoles(f"http://{HOST}:{port}", secret)
    runner = Runner(roles, backend, pace or Pace(), quotas, clock, events, metrics, faults)
    behaviours = behaviours or Behaviours()
    store, models = JobStore(quotas, behaviours), EmulatedModels(behaviours.profile_regions)
    service = BatchInference(store, EmulatedIam(), roles, models, runner.run, clock, behaviours)
    _install(Api(service, faults))
    _authorize_jobs_ourselves()
    _mend()

    async def emulated(scope: Scope, receive: Receive, send: Send) -> None:
        # CDK's bootstrap bucket refuses plain HTTP. On loopback every request counts as secure.
        await ministack.app({**scope, "scheme": "https"} if "scheme" in scope else scope, receive, send)

    return gate(front(emulated, Admin(faults, enabled=admin)), owners={PATH: MOST_BYTES})


def _mend() -> None:
    """Let the services around Bedrock do what AWS's do, where a job or its stack meets the difference."""
    from bedrock_local.emulator.cloudformation import (  # noqa: PLC0415 -- import ministack
        bucket_encryption,
        failed_creates,
        permissions_boundaries,
    )
    from bedrock_local.emulator.iam import function_permissions, young_roles  # noqa: PLC0415 -- the same
    from bedrock_local.emulator.s3 import (  # noqa: PLC0415 -- the same
        bucket_owners,
        kms_permissions,
        large_objects,
        virtual_buckets,
    )
    from bedrock_local.emulator.signals import rule_metrics  # noqa: PLC0415 -- the same
    from bedrock_local.services import cloudwatch, iam  # noqa: PLC0415 -- the same

    failed_creates.delete_after_failed_create()
    failed_creates.show_progress()
    function_permissions.deliver_to_custom_resources()
    function_permissions.require_permissions_of_roles()
    iam.ask_the_policies_of_other_accounts()
    iam.know_accounts_and_roles()
    bucket_owners.expect_bucket_owners()
    bucket_encryption.encrypt_buckets_of_stacks()
    kms_permissions.require_keys()
    young_roles.remember_changes()
    permissions_boundaries.bound_roles_of_stacks()
    rule_metrics.deliver_to_log_groups()
    rule_metrics.count_in_cloudwatch()
    cloudwatch.heed_dimensions()
    cloudwatch.keep_math_alarms()
    large_objects.keep_on_disk()
    virtual_buckets.know_localhost()


def _set_environment(port: int, secret: str) -> None:
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
        "AWS_SECRET_ACCESS_KEY": secret,
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
