"""The model that answers the records, and what it takes to be allowed to use it."""

from dataclasses import dataclass

from aws_cdk import ArnFormat, Aws, Stack, Token
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from cdk_bedrock_batch._validation import check_text

#: First parts of the ids of system-defined inference profiles. Source: "Supported Regions and models for inference
#: profiles" in the Bedrock user guide. Needed only to tell an id's kind in `BatchModel.from_id`.
GEOGRAPHIES = frozenset({"us", "us-gov", "ca", "eu", "apac", "au", "jp", "global"})


@dataclass(frozen=True)
class BatchModel:
    """A model or inference profile. Make one with a class method.

    Attributes
    ----------
    model_id
        What goes into the API field ``modelId``: an id or an ARN.
    """

    model_id: str
    _kind: str
    _regions: tuple[str, ...] = ()
    _model_arns: tuple[str, ...] = ()

    @classmethod
    def foundation_model(cls, id: str) -> "BatchModel":
        """Use a foundation model of the stack's Region.

        Parameters
        ----------
        id
            Such as ``amazon.nova-lite-v1:0``, or the ARN of a foundation model.

        Raises
        ------
        ValueError
            The id does not match the API's pattern, or is that of an inference profile.
        """
        checked = _checked(id, "take it from the model's page in the Bedrock console")
        if id.partition(".")[0] in GEOGRAPHIES:
            raise ValueError(f"'model' {id!r} is an inference profile: use BatchModel.inference_profile({id!r})")
        return cls(checked, "foundation-model")

    @classmethod
    def inference_profile(cls, id_or_arn: str, *, regions: list[str] | None = None) -> "BatchModel":
        """Use a system-defined (cross-Region) inference profile.

        Parameters
        ----------
        id_or_arn
            Such as ``us.amazon.nova-lite-v1:0`` or ``global.anthropic.claude-haiku-4-5-20251001-v1:0``.
        regions
            The Regions that the profile routes to (``models`` of GetInferenceProfile). Default: the service role may
            use the model in any Region, but only through this profile.

        Raises
        ------
        ValueError
            The id does not match the API's pattern.
        """
        advice = "take it from the cross-Region inference page of the Bedrock console"
        return cls(_checked(id_or_arn, advice), "inference-profile", tuple(regions or ()))

    @classmethod
    def application_inference_profile(cls, arn: str, *, model_arns: list[str]) -> "BatchModel":
        """Use an inference profile of your own.

        Parameters
        ----------
        arn
            The ARN of the application inference profile.
        model_arns
            The ARNs of the models behind it (``models`` of GetInferenceProfile).

        Raises
        ------
        ValueError
            The ARN does not match the API's pattern.
        """
        checked = _checked(arn, "use the ARN that CreateInferenceProfile returned")
        return cls(checked, "application-inference-profile", (), tuple(model_arns))

    @classmethod
    def custom_model(cls, arn: str) -> "BatchModel":
        """Use a model that you customized.

        Raises
        ------
        ValueError
            The ARN does not match the API's pattern.
        """
        return cls(_checked(arn, "use the ARN that GetCustomModel returns"), "custom-model")

    @classmethod
    def from_id(cls, id: str) -> "BatchModel":
        """Tell by its form what an id or ARN stands for.

        An id that begins with one of `GEOGRAPHIES` is an inference profile, as is an ARN that says so; everything else
        is a foundation or custom model.

        Raises
        ------
        ValueError
            The id does not match the API's pattern, or is the ARN of an application inference profile, whose models
            cannot be told from it.
        """
        if ":application-inference-profile/" in id:
            raise ValueError(f"'model' {id!r} does not tell its models: use BatchModel.application_inference_profile")
        if ":custom-model/" in id:
            return cls.custom_model(id)
        if ":inference-profile/" in id or id.partition(".")[0] in GEOGRAPHIES:
            return cls.inference_profile(id)
        return cls.foundation_model(id)

    def resource_arns(self, scope: IConstruct) -> list[str]:
        """Return the ARNs of which the caller of CreateModelInvocationJob needs the right to make a job."""
        stack = Stack.of(scope)
        if self._is_arn:
            own = self.model_id
        elif self._kind == "foundation-model":
            own = _foundation_model_arn(Aws.REGION, self.model_id)
        else:
            own = stack.format_arn(
                service="bedrock",
                resource=self._kind,
                resource_name=self.model_id,
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            )
        return [own, *self._routed_arns()]

    def invoke_statements(self, scope: IConstruct) -> list[iam.PolicyStatement]:
        """Return what the service role must be allowed: this model, or the models behind this profile through it."""
        own, *routed = self.resource_arns(scope)
        statements = [iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[own])]
        if routed:
            condition = {"StringEquals": {"bedrock:InferenceProfileArn": own}}
            statements.append(
                iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=routed, conditions=condition)
            )
        return statements

    @property
    def _is_arn(self) -> bool:
        return Token.is_unresolved(self.model_id) or self.model_id.startswith("arn:")

    def _routed_arns(self) -> list[str]:
        if self._kind != "inference-profile" or Token.is_unresolved(self.model_id):
            return list(self._model_arns)
        # us.amazon.nova-lite-v1:0 routes to amazon.nova-lite-v1:0; a global profile also to an ARN without a Region.
        model = self.model_id.rpartition("/")[2].partition(".")[2]
        return [_foundation_model_arn(region, model) for region in self._regions or ("*",)]


def _foundation_model_arn(region: str, model: str) -> str:
    return f"arn:{Aws.PARTITION}:bedrock:{region}::foundation-model/{model}"


def _checked(id: str, advice: str) -> str:
    check_text("model", id, "modelId", advice=advice)
    return id
