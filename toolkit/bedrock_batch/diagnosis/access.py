"""Whether the role may do what it must: all policies that count, together.

Sources: "Policy evaluation logic" and "Cross-account policy evaluation logic" in the IAM user guide; "Key policies in
AWS KMS" in the KMS developer guide: in the key's own account, too, its policy must allow what is done with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.finding import Finding, Verdict, cannot_tell, right, wrong
from bedrock_batch.diagnosis.policies.truth import Truth, both, either, opposite
from bedrock_batch.diagnosis.simulation import ROLE
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.diagnosis.need import Need
    from bedrock_batch.diagnosis.policies.opinion import Opinion
    from bedrock_batch.diagnosis.simulation import OwnPolicies

_HEADER = "s3:x-amz-server-side-encryption"
_WITHOUT_HEADER = (
    "Bedrock is not documented to send this header, without which the statement denies: let it apply only where the "
    f'header is sent, with "Null": {{"{_HEADER}": "false"}} in its Condition, and let the bucket\'s default encryption '
    "name the key; or leave the job's role out of the statement"
)


@dataclass(frozen=True)
class ResourcePolicy:
    """What the policy of a bucket, a key or an endpoint says to a need.

    Attributes
    ----------
    name : str
        Whose policy it is.
    opinion : Opinion
        What it says.
    foreign : bool or None
        Whether it is of another account than the role; None if that is not known.
    required : bool
        Whether it must allow also in the role's account, as a key's must.
    """

    name: str
    opinion: Opinion
    foreign: Truth = False
    required: bool = False

    def lets(self, own: OwnPolicies) -> Truth:
        """Say whether it and the role's own policies, together, allow."""
        here, mine = self.opinion, own.opinion.allowed
        across = both([here.allowed, mine])
        by_itself = both([here.directly, own.within])
        at_home = either([by_itself, across if self.required else mine])
        if self.foreign is None:
            return across if across == at_home else None
        return across if self.foreign else at_home


@dataclass(frozen=True)
class Access:
    """Everything that is said to a need.

    Attributes
    ----------
    need : Need
        What must be allowed.
    own : OwnPolicies
        What the role's policies say.
    resource : ResourcePolicy or None
        What the policy of the bucket or key says; None where a resource has none.
    endpoints : tuple of ResourcePolicy
        What the policies of the endpoints on the way say, each of which must allow.
    """

    need: Need
    own: OwnPolicies
    resource: ResourcePolicy | None = None
    endpoints: tuple[ResourcePolicy, ...] = ()

    @property
    def allowed(self) -> Truth:
        """Whether the role may."""
        denied = either(said.denied for _, said in self._all())
        own = self.resource.lets(self.own) if self.resource else self.own.opinion.allowed
        return both([opposite(denied), own, *(each.opinion.directly for each in self.endpoints)])

    def finding(self) -> Finding:
        """Say whether the role may, and if not, what to change."""
        need, allowed = self.need, self.allowed
        shown = need.shown or need.resource
        if allowed:
            return right(need.action, shown)
        if allowed is None:
            return cannot_tell(need.action, f"{shown}: {self._untold()}", self._way_around())
        why, mends = self._refusal()
        if need.only:
            return cannot_tell(need.action, f"{shown}: {why}, and it is needed {need.only}", mends)
        return wrong(need.action, f"{shown}: {why}", mends)

    def _all(self) -> Sequence[tuple[str, Opinion]]:
        others = (*([self.resource] if self.resource else ()), *self.endpoints)
        return [(self.own.where, self.own.opinion), *((each.name, each.opinion) for each in others)]

    def _untold(self) -> str:
        open_ones = [
            f"{name}: {said.says or 'whom it names cannot be told'}"
            for name, said in self._all()
            if None in (said.denied, said.allowed, said.directly)
            and not (said.allowed is True and said.denied is False and name == self.own.where)
        ]
        if self.resource and self.resource.foreign is None:
            open_ones.append("whether the bucket or key is of the role's account is not known")
        return "; ".join(open_ones) or "its permissions boundary may or may not allow it"

    def _way_around(self) -> str:
        """Say how a Deny that hangs on a header which Bedrock may not send can be kept."""
        if self.resource and self.resource.opinion.denied is None and _HEADER in self.resource.opinion.says:
            return _WITHOUT_HEADER
        return ""

    def _refusal(self) -> tuple[str, str]:
        for name, said in self._all():
            if said.denied:
                shown = f" ({said.says})" if said.says else ""
                return f"{name} denies it{shown}", f"let that Deny not apply to {self.need.action} of this role"
        for each in self.endpoints:
            if each.opinion.directly is False:
                return f"{each.name} does not allow it", f"add to it {self._statement(principal=True)}"
        resource = self.resource
        if resource and (resource.required or resource.foreign) and resource.opinion.allowed is False:
            mends = f"add to it {self._statement(principal=True)}"
            return f"{resource.name} does not allow it", mends
        where = self.own.where
        missing = "no policy of the role allows it" if where == ROLE else f"{where} does not allow it"
        return missing, f"add to {where} {self._statement(principal=False)}"

    def _statement(self, *, principal: bool) -> str:
        of_key = principal and self.need.action.startswith("kms:")
        statement = {
            "Effect": "Allow",
            **({"Principal": {"AWS": self.need.context.known["aws:PrincipalArn"][0]}} if principal else {}),
            "Action": self.need.action,
            "Resource": "*" if of_key else self.need.grant or self.need.resource,
        }
        return json.dumps(statement)


def summed_up(accesses: Sequence[Access]) -> list[Finding]:
    """Make one finding of all needs of the same action and purpose: the worst there is."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for access in accesses:
        groups.setdefault((access.need.action, access.need.what), []).append(access.finding())
    return [_summed_up(what, found) for (_, what), found in groups.items()]


def _summed_up(what: str, found: Sequence[Finding]) -> Finding:
    order = (Verdict.WRONG, Verdict.CANNOT_TELL, Verdict.RIGHT)
    first = min(found, key=lambda each: order.index(each.verdict))
    alike = sum(each.verdict is first.verdict for each in found)
    others = f" (and the same of {counted(alike - 1, 'other resource')})" if alike > 1 else ""
    return Finding(first.check, first.verdict, f"{what}: {first.says}{others}", first.mends)
