"""What it takes to be allowed to use a model or an inference profile.

Sources: "Create a custom service role for batch inference" (batch-iam-sr) and "Prerequisites for inference profiles"
(inference-profiles-prereq) in the Bedrock user guide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch._access.statements import Statement, allow
from cdk_bedrock_batch._api.arn import any_job_arn, foundation_model_arn, id_of, is_arn, regional_arn
from cdk_bedrock_batch._api.model_id import check_in_time, check_partition, check_place, id_in, is_open
from cdk_bedrock_batch._api.profile import check_source
from cdk_bedrock_batch._cdk import pseudo


@dataclass(frozen=True)
class InvokedModel:
    """A model or inference profile, as policies and metrics know it.

    Attributes
    ----------
    model_id
        What goes into the API field ``modelId``: an id or an ARN.
    """

    model_id: str
    _kind: str
    _routed_arns: tuple[str, ...] = ()
    _only_through_profile: bool = False

    @property
    def id(self) -> str:
        """The id without an ARN around it, which CloudWatch's dimension is also where the job was given an ARN."""
        # In the ARN of a custom model its base stands before its own id.
        return id_in(self.model_id, parts=2 if self._kind == "custom-model" else 1)

    @property
    def base_id(self) -> str:
        """What a quota counts by: the id of the model that answers, as far as it is known; else the profile or model.

        "Quotas for Amazon Bedrock" counts jobs that have not ended by base model.
        """
        answering = set() if is_open(self.model_id) else {id_of(arn) for arn in self.answering_arns}
        return answering.pop() if len(answering) == 1 and answering != {"*"} else self.model_id

    @property
    def body_id(self) -> str:
        """What tells how bodies look: the model that answers, as far as it is known; the ARN of a custom one has it."""
        return self.model_id if self._kind == "custom-model" else self.base_id

    @property
    def answering_arns(self) -> tuple[str, ...]:
        """The ARNs of the models that answer: those behind a profile, or the model itself."""
        return self._routed_arns or (self._own_arn,)

    def check_place(self, stack: Stack) -> None:
        """Check that a job of a stack can use it, as far as the stack's Region and account are known.

        Raises
        ------
        ValueError
            It is of another Region, account or geography.
        """
        if self._kind != "custom-model":
            check_in_time(self.model_id, stack)
        check_place(self.model_id, stack)
        for arn in self._routed_arns:
            check_partition("model_arns", arn, stack)
        if self._kind == "inference-profile":
            check_source(self.model_id, stack)

    def resource_arns(self) -> list[str]:
        """Return the ARNs of which the caller of CreateModelInvocationJob needs the right to make a job."""
        return [self._own_arn, *self._routed_arns]

    def grant_batch_inference(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to make batch inference jobs with it (CreateModelInvocationJob), whatever their names and data.

        Besides, whoever makes a job passes it a service role: ``role.grant_pass_role(grantee)`` (``iam:PassRole``).
        Tags on the job need ``bedrock:TagResource``. To call the model and to reach the data is that role's own right.

        Parameters
        ----------
        grantee
            Who; of the account and Region of the jobs.
        """
        arns = [any_job_arn(), *self.resource_arns()]
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["bedrock:CreateModelInvocationJob"], resource_arns=arns
        )

    def invoke_statements(self) -> list[Statement]:
        """Return what the service role must be allowed: this model, or this profile and the models behind it."""
        own, routed = self._own_arn, list(self._routed_arns)
        if not routed or not self._only_through_profile:
            return [allow("bedrock:InvokeModel", [own, *routed] if routed else own)]
        through_profile = {"StringEquals": {"bedrock:InferenceProfileArn": own}}
        return [allow("bedrock:InvokeModel", own), allow("bedrock:InvokeModel", routed, through_profile)]

    def warnings(self) -> Iterator[tuple[str, str]]:
        """Go through what can be narrower than it is: each with its name, and what to change."""
        if not self._only_through_profile and any(id_of(arn) == "*" for arn in self._routed_arns):
            text = (
                "'model': nobody told which models are behind the profile, so the service role may invoke any "
                "foundation model: give 'model_arns' (aws bedrock get-inference-profile lists them), or "
                "only_through_profile=True"
            )
            yield "model:anyModel", text

    @property
    def _own_arn(self) -> str:
        if is_arn(self.model_id) or self._kind == "custom-model":
            return self.model_id
        own = id_in(self.model_id)
        if self._kind == "foundation-model":
            return foundation_model_arn(pseudo.region(), own)
        return regional_arn("bedrock", f"{self._kind}/{own}")
