"""The model that answers the records, and what it takes to be allowed to use it."""

from dataclasses import dataclass
from typing import Protocol

from cdk_bedrock_batch._access.statements import Statement, allow
from cdk_bedrock_batch._api.arn import foundation_model_arn, id_of, is_arn, regional_arn
from cdk_bedrock_batch._api.validation import check_list, check_text, check_type
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.tokens import is_token

#: First parts of the ids of system-defined inference profiles. Source: "Supported Regions and models for inference
#: profiles" in the Bedrock user guide. Needed only to tell an id's kind in `BatchModel.from_id`.
GEOGRAPHIES = frozenset({"us", "us-gov", "ca", "eu", "apac", "au", "jp", "global"})

#: What the libraries call it; an imported profile of the alpha library has no ``invokable_arn`` in Python.
_ARN_ATTRIBUTES = ("invokable_arn", "inference_profile_arn", "model_arn")


class Invokable(Protocol):
    """A model or inference profile of ``aws_cdk.aws_bedrock_alpha``, or of a library that is made like it.

    Nothing of that library is imported: its classes are taken by their members.
    """

    @property
    def invokable_arn(self) -> str:
        """The ARN that an invocation names."""
        ...


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
    _routed_arns: tuple[str, ...] = ()

    @classmethod
    def foundation_model(cls, id_or_arn: str) -> "BatchModel":
        """Use a foundation model of the stack's Region.

        Parameters
        ----------
        id_or_arn
            Such as ``amazon.nova-lite-v1:0``, or the ARN of a foundation model.

        Raises
        ------
        ValueError
            The id does not match the API's pattern, or is that of an inference profile.
        """
        checked = _checked(id_or_arn, "take it from the model's page in the Bedrock console")
        if _geography(checked):
            raise ValueError(
                f"'model' {checked!r} is an inference profile: use BatchModel.inference_profile({checked!r})"
            )
        return cls(checked, "foundation-model")

    @classmethod
    def inference_profile(cls, id_or_arn: str, *, regions: list[str] | None = None) -> "BatchModel":
        """Use a system-defined (cross-Region) inference profile, geographic or global.

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
        checked = _checked(id_or_arn, "take it from the cross-Region inference page of the Bedrock console")
        check_list("regions", regions or (), '["us-east-1", "us-west-2"]')
        tail = id_of(checked)
        # us.amazon.nova-lite-v1:0 routes to amazon.nova-lite-v1:0.
        geography, _, model = ("", "", "*") if is_token(tail) else tail.partition(".")
        # A global profile also routes to an ARN without a Region.
        places = [*regions, *([""] if geography == "global" else [])] if regions else ["*"]
        return cls(checked, "inference-profile", tuple(foundation_model_arn(place, model) for place in places))

    @classmethod
    def application_inference_profile(cls, arn: str, *, model_arns: list[str] | None = None) -> "BatchModel":
        """Use an inference profile of your own.

        Parameters
        ----------
        arn
            The ARN of the application inference profile.
        model_arns
            The ARNs of the models behind it (``models`` of GetInferenceProfile). Default: the service role may use any
            foundation model, but only through this profile.

        Raises
        ------
        ValueError
            The ARN does not match the API's pattern.
        """
        checked = _checked(arn, "use the ARN that CreateInferenceProfile returned")
        check_list(
            "model_arns", model_arns or (), '["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"]'
        )
        return cls(checked, "application-inference-profile", tuple(model_arns or [foundation_model_arn("*", "*")]))

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
    def from_id(cls, id_or_arn: str) -> "BatchModel":
        """Tell by its form what an id or ARN stands for.

        An id that begins with one of `GEOGRAPHIES` is an inference profile, as is an ARN that says so; everything else
        is a foundation or custom model.

        Raises
        ------
        ValueError
            The id does not match the API's pattern, or is that of a provisioned model, which cannot be used for batch
            inference ("Process multiple prompts with batch inference" in the Bedrock user guide).
        """
        check_type("model", id_or_arn, str, '"amazon.nova-lite-v1:0"')
        if ":provisioned-model/" in id_or_arn:
            raise ValueError(f"'model' {id_or_arn!r} is a provisioned model: batch inference takes its base model")
        if ":application-inference-profile/" in id_or_arn:
            return cls.application_inference_profile(id_or_arn)
        if ":custom-model/" in id_or_arn:
            return cls.custom_model(id_or_arn)
        if ":inference-profile/" in id_or_arn or _geography(id_or_arn):
            return cls.inference_profile(id_or_arn)
        return cls.foundation_model(id_or_arn)

    @classmethod
    def of(cls, model: "BatchModel | Invokable") -> "BatchModel":
        """Take a model as it is, and anything of another library for what its ARN stands for.

        Raises
        ------
        ValueError
            It has no ARN of a model or profile, or stands for what batch inference does not take.
        """
        if isinstance(model, BatchModel):
            return model
        arn = next(filter(None, (getattr(model, name, None) for name in _ARN_ATTRIBUTES)), None)
        if not arn:
            raise ValueError(
                "'model' must be of type BatchModel, such as BatchModel.foundation_model(\"amazon.nova-lite-v1:0\"), "
                f"or have an 'invokable_arn', got {model!r}"
            )
        if is_token(arn) and getattr(model, "inference_profile_arn", None) and "inference-profile/" not in arn:
            return cls.application_inference_profile(arn)
        return cls.from_id(arn)

    def resource_arns(self) -> list[str]:
        """Return the ARNs of which the caller of CreateModelInvocationJob needs the right to make a job."""
        if is_token(self.model_id) or is_arn(self.model_id):
            own = self.model_id
        elif self._kind == "foundation-model":
            own = foundation_model_arn(pseudo.region(), self.model_id)
        else:
            own = regional_arn("bedrock", f"{self._kind}/{self.model_id}")
        return [own, *self._routed_arns]

    def invoke_statements(self) -> list[Statement]:
        """Return what the service role must be allowed: this model, or the models behind this profile through it."""
        own, *routed = self.resource_arns()
        statements = [allow("bedrock:InvokeModel", own)]
        if routed:
            through_profile = {"StringEquals": {"bedrock:InferenceProfileArn": own}}
            statements.append(allow("bedrock:InvokeModel", routed, through_profile))
        return statements


def _geography(id_or_arn: str) -> bool:
    return id_or_arn.partition(".")[0] in GEOGRAPHIES


def _checked(id_or_arn: str, advice: str) -> str:
    check_text("model", id_or_arn, "modelId", advice=advice)
    return id_or_arn
