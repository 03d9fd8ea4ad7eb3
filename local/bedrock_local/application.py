"""The local AWS as one ASGI application: ministack, mended, with our Bedrock batch service behind its front door."""

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial

from bedrock_local.asgi import Application
from bedrock_local.bedrock.access.ports import Caller
from bedrock_local.bedrock.api.admin import MOST_BYTES, Admin
from bedrock_local.bedrock.api.api import Api
from bedrock_local.bedrock.api.front import front
from bedrock_local.bedrock.api.on_demand import OnDemandInference
from bedrock_local.bedrock.api.responses import Response
from bedrock_local.bedrock.api.service import BatchInference
from bedrock_local.bedrock.execution.runner import Runner
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import SystemClock
from bedrock_local.bedrock.jobs.pace import Pace
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.batch_models import BatchModels
from bedrock_local.bedrock.service_model.routes import Sent, find_route
from bedrock_local.bedrock.signals.events import Events
from bedrock_local.bedrock.signals.metrics import Metrics
from bedrock_local.console.console import Console
from bedrock_local.console.front import with_console
from bedrock_local.console.orders import Orders
from bedrock_local.console.views.view import View
from bedrock_local.emulator.secure_transport import secure
from bedrock_local.emulator.settings import set_environment
from bedrock_local.environment import HOST, PARTITION
from bedrock_local.names.place import Place
from bedrock_local.owner import CONSOLE_TOKENS, FAULTS
from bedrock_local.services.denials import DENIALS

Query = dict[str, list[str]]
Headers = dict[str, str]


def build_app(
    port: int,
    *,
    secret: str,
    backend: Backend,
    pace: Pace | None = None,
    quotas: Quotas | None = None,
    behaviours: Behaviours | None = None,
    concurrency: int | None = None,
    batch_models: BatchModels | None = None,
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
    concurrency
        How many functions run at once. Default: as many as the memory of this machine suffices for.
    batch_models
        Which models have batch inference where. Default: what is known, and any other.
    admin
        Whether faults can be asked for. Default: they cannot.

    Returns
    -------
    Application
        An ASGI application with lifespan, for any server.
    """
    set_environment(port, secret, concurrency)
    # Now that its settings are in the environment.
    from ministack import app as ministack  # noqa: PLC0415 -- see above

    from bedrock_local.emulator.mends import mend  # noqa: PLC0415 -- imports ministack
    from bedrock_local.emulator.signals import rule_metrics  # noqa: PLC0415 -- the same
    from bedrock_local.gate.gate import gate  # noqa: PLC0415 -- the same
    from bedrock_local.services import (  # noqa: PLC0415 -- the same
        cloudwatch,
        eventbridge,
        inference_profiles,
        service_quotas,
        stacks,
        tagging,
    )
    from bedrock_local.services.authorization import EmulatedIam  # noqa: PLC0415 -- the same
    from bedrock_local.services.models import EmulatedModels  # noqa: PLC0415 -- the same
    from bedrock_local.services.service_roles import EmulatedRoles  # noqa: PLC0415 -- the same

    quotas, clock, faults = quotas or Quotas(), SystemClock(), Faults()
    events, metrics = Events(eventbridge.put, faults), Metrics(cloudwatch.record_batch_inference)
    roles = EmulatedRoles(f"http://{HOST}:{port}", secret)
    behaviours, iam = behaviours or Behaviours(), EmulatedIam()
    runner = Runner(roles, backend, pace or Pace(), quotas, clock, events, metrics, faults, behaviours)
    store, models = JobStore(quotas, behaviours), EmulatedModels(behaviours.profile_regions)
    known, on_demand = batch_models or BatchModels(), OnDemandInference(iam, models, backend)
    service = BatchInference(store, iam, roles, models, runner.run, clock, behaviours, known)
    _install("bedrock", Api(service, faults))
    # Threads of their own: functions wait for these answers in the others.
    _install("bedrock-runtime", Api(on_demand, faults), ThreadPoolExecutor(backend.concurrency, "on-demand"))
    mend()
    rule_metrics.count_untargeted(counted=behaviours.rules_without_targets == "counted")
    tagging.list_and_tag_jobs(service)
    service_quotas.serve(quotas)
    inference_profiles.tell_models(models)

    return gate(
        with_console(
            front(secure(ministack.app), Admin(faults, enabled=admin)),
            Console(View(store, runner.latest, faults, DENIALS, stacks), Orders(faults, store.find_anywhere, clock)),
        ),
        owners={FAULTS: MOST_BYTES, CONSOLE_TOKENS: 0},
    )


def _install(service: str, api: Api, threads: Executor | None = None) -> None:
    """Answer the paths of inference; every other one of Bedrock stays ministack's.

    Parameters
    ----------
    service
        By ministack's name.
    api
        Answers.
    threads
        In which it does. Default: at once, between two other requests.
    """
    from ministack import app as ministack  # noqa: PLC0415 -- after the environment
    from ministack.core import responses, router  # noqa: PLC0415 -- the same

    others = ministack.SERVICE_HANDLERS[service]

    async def inference(method: str, path: str, headers: Headers, body: bytes, query: Query) -> Response:
        route = find_route(method, path, body)
        if route is None:
            answer: Response = await others(method, path, headers, body, query)
            return answer
        place = Place(PARTITION, responses.get_region(), responses.get_account_id())
        caller = Caller(router.extract_access_key_id(headers, query) or "", place)
        question = partial(api.answer, caller, route, Sent(query, headers, body))
        if threads is None:
            return question()
        # Who asks stands in the request's context.
        return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, question)

    ministack.SERVICE_HANDLERS[service] = inference
