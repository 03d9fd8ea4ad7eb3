"""parliament: IAM policies against the actions, resources and condition keys that the services have."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import parliament
from parliament.finding import Finding as Objection
from parliament.statement import get_privilege_info

from tests.judges.finding import Finding, place_of
from tests.judges.resolution import resolve
from tests.snapshots.programs import templates

Policy = Mapping[str, Any]


def findings(assemblies: Iterable[Path]) -> Iterator[Finding]:
    """What is objected to in each policy of each template, of identities and of resources."""
    for template in (each for assembly in assemblies for each in templates(assembly)):
        resources = json.loads(template.read_text(encoding="utf-8"))["Resources"]
        for logical_id, resource in resources.items():
            for policy in policies(resource):
                for rule, says in objections(resolve(policy, resources)):
                    yield Finding("parliament", rule, place_of(logical_id, resource), says)


def policies(resource: Mapping[str, Any]) -> Iterator[Policy]:
    """The policies of a resource."""
    properties = resource.get("Properties", {})
    yield from (inline["PolicyDocument"] for inline in properties.get("Policies", []))
    yield from (
        properties[name] for name in ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy") if name in properties
    )


def objections(policy: Policy) -> Iterator[tuple[str, str]]:
    """What is objected to in a policy: the issue, with the action where it has one, and the details."""
    # A policy of a role or key says nothing of resources, or `*`: it means the one that it belongs to.
    statements = [{"Resource": "*"} | statement for statement in policy["Statement"]]
    for objection in parliament.analyze_policy_string(json.dumps({**policy, "Statement": statements})).findings:
        yield from ((rule, str(objection.detail)) for rule in _rules(objection, statements))


def _rules(objection: Objection, statements: list[Policy]) -> Iterator[str]:
    if objection.issue == "RESOURCE_STAR":
        yield from (f"RESOURCE_STAR[{action}]" for action in objection.detail if "Principal" not in statements[0])
    elif objection.issue == "RESOURCE_MISMATCH":
        # It wants a resource of each kind that an action can have; one is enough, so only none of them is a mistake.
        for action, missing in Counter(kind["action"] for kind in objection.detail).items():
            kinds = get_privilege_info(*action.split(":"))["resource_types"]
            if missing == max(1, sum("*" in kind["resource_type"] for kind in kinds)):
                yield f"RESOURCE_MISMATCH[{action}]"
    else:
        yield objection.issue
