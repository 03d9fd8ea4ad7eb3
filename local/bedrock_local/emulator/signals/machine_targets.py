"""A state machine as the target of a rule: started only if EventBridge may do so with the role of the target.

ministack asks no role. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from contextvars import Context
from typing import Any

from ministack.services import eventbridge

from bedrock_local.emulator.machines.roles import denial_of
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place
from bedrock_local.services.trust import is_trusted

NEEDS = ("services.eventbridge._invoke_target",)

_PRINCIPAL = "events.amazonaws.com"
_START = "states:StartExecution"

Target = dict[str, Any]
Rule = dict[str, Any]


def ask_roles_of_targets() -> None:
    """Let a rule start a machine that its target's role may start."""
    invoke = eventbridge._invoke_target  # noqa: SLF001 -- no public way in

    def invoke_target(target: Target, event: dict[str, Any], rule: Rule, view: Any = None) -> None:  # noqa: ANN401 -- ministack's
        arn = Arn.find(target.get("Arn", ""))
        if arn is None or arn.service != "states" or _may(target, rule["Arn"]):
            invoke(target, event, rule, view)

    eventbridge._invoke_target = invoke_target  # noqa: SLF001 -- the same


def _may(target: Target, rule: str) -> bool:
    role, machine = target.get("RoleArn"), target["Arn"]
    place = Place.of(machine)
    if not role or not is_trusted(role, _PRINCIPAL, rule, place):
        return False
    # Not as part of the request that sent the event: that one has another signer.
    return Context().run(denial_of, role, place, _START, machine) is None
