"""The model that answers the records. Each class method makes one, of what the user knows of it."""

from collections.abc import Iterable
from typing import Protocol

from cdk_bedrock_batch._access.invoking import InvokedModel
from cdk_bedrock_batch._api.arn import foundation_model_arn, is_arn, kind_of
from cdk_bedrock_batch._api.model_id import (
    KINDS,
    check_foundation_id,
    check_is_arn,
    check_model_id,
    checked_foundation_arns,
    id_in,
    is_open,
    model_behind,
)
from cdk_bedrock_batch._api.profile import check_profile_id, checked_routes, geography_of, may_be_global
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._cdk.tokens import is_token

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


class BatchModel(InvokedModel):
    """A model or inference profile. Make one with a class method.

    Each takes a token, such as a ``CfnParameter``, for what it stands for: an id or an ARN. A dynamic reference
    (``{{resolve:...}}``) is refused where an id may stand behind it, since CloudFormation resolves it too late.

    Attributes
    ----------
    model_id
        What goes into the API field ``modelId``: an id or an ARN.
    """

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
            The id does not match the API's pattern, has no provider, or is that of an inference profile.
        """
        check_model_id(id_or_arn, "foundation-model", "take it from the model's page in the Bedrock console")
        check_foundation_id(id_or_arn)
        if geography_of(id_or_arn):
            profile = id_in(id_or_arn)
            raise ValueError(
                f"'model' {id_or_arn!r} is an inference profile: use BatchModel.inference_profile({profile!r})"
            )
        return cls(id_or_arn, "foundation-model")

    @classmethod
    def inference_profile(
        cls, id_or_arn: str, *, regions: Iterable[str] | None = None, only_through_profile: bool = False
    ) -> "BatchModel":
        """Use a system-defined (cross-Region) inference profile, geographic or global.

        Parameters
        ----------
        id_or_arn
            Such as ``us.amazon.nova-lite-v1:0`` or ``global.anthropic.claude-haiku-4-5-20251001-v1:0``. A profile of a
            geography that this version does not know is taken by its ARN.
        regions
            The Regions that the profile routes to (``models`` of GetInferenceProfile). Default: the service role may
            use the profile's model in any Region.
        only_through_profile
            Whether the role may use the model through this profile only (``bedrock:InferenceProfileArn``). AWS
            documents that condition for calls of InvokeModel ("Prerequisites for inference profiles"), and leaves it
            out for batch inference ("Create a custom service role for batch inference"). Default: False.

        Raises
        ------
        ValueError
            The id does not match the API's pattern, or is no profile's; or a Region is none, or in another part of the
            world than the profile.
        """
        check_model_id(id_or_arn, "inference-profile", "take it from the cross-Region inference page of the console")
        check_profile_id(id_or_arn)
        routes = checked_routes(id_or_arn, regions) if regions is not None else []
        check_type("only_through_profile", only_through_profile, bool, "True")
        # A global profile also routes to an ARN without a Region.
        anywhere = [""] if may_be_global(id_or_arn) else []
        model, places = model_behind(id_or_arn), [*routes, *anywhere] if routes else ["*"]
        routed = tuple(foundation_model_arn(place, model) for place in places)
        return cls(id_or_arn, "inference-profile", routed, only_through_profile)

    @classmethod
    def application_inference_profile(
        cls, arn: str, *, model_arns: Iterable[str] | None = None, only_through_profile: bool = False
    ) -> "BatchModel":
        """Use an inference profile of your own.

        Parameters
        ----------
        arn
            The ARN of the application inference profile, or the twelve characters at its end.
        model_arns
            The ARNs of the models behind it (``models`` of GetInferenceProfile). Default: the service role may use any
            foundation model, which synth warns of.
        only_through_profile
            See `inference_profile`. Default: False.

        Raises
        ------
        ValueError
            The ARN is none of such a profile, or one in ``model_arns`` is none of a foundation model.
        """
        advice = "use the ARN that CreateInferenceProfile returned"
        check_model_id(arn, "application-inference-profile", advice)
        check_is_arn(arn, "application-inference-profile", advice, or_id=True)
        behind = checked_foundation_arns("model_arns", model_arns) if model_arns is not None else []
        check_type("only_through_profile", only_through_profile, bool, "True")
        routed = tuple(behind or [foundation_model_arn("*", "*")])
        return cls(arn, "application-inference-profile", routed, only_through_profile)

    @classmethod
    def custom_model(cls, arn: str) -> "BatchModel":
        """Use a model that you customized.

        Raises
        ------
        ValueError
            It is no ARN of a custom model.
        """
        advice = "use the ARN that GetCustomModel returns"
        check_model_id(arn, "custom-model", advice)
        check_is_arn(arn, "custom-model", advice)
        return cls(arn, "custom-model")

    @classmethod
    def from_id(cls, id_or_arn: str) -> "BatchModel":
        """Tell by its form what an id or ARN stands for.

        An id that begins with a geography, such as ``us.``, is an inference profile; an ARN says what it is; everything
        else is a foundation model.

        Raises
        ------
        ValueError
            The id does not match the API's pattern, or is a token, whose form is not known yet, or is that of a
            provisioned model, which cannot be used for batch inference ("Process multiple prompts with batch inference"
            in the Bedrock user guide).
        """
        check_type("model", id_or_arn, str, '"amazon.nova-lite-v1:0"')
        if ":provisioned-model/" in id_or_arn:
            raise ValueError(f"'model' {id_or_arn!r} is a provisioned model: batch inference takes its base model")
        if is_open(id_or_arn) or (is_arn(id_or_arn) and is_token(kind_of(id_or_arn))):
            raise ValueError(
                f"'model' must tell by its form what it is, got the token {id_or_arn!r}: use "
                "BatchModel.foundation_model or another method that says so"
            )
        usual = "inference-profile" if geography_of(id_or_arn) else "foundation-model"
        made: BatchModel = getattr(cls, KINDS.get(kind_of(id_or_arn) or usual, "foundation_model"))(id_or_arn)
        return made

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
        if is_open(arn) and getattr(model, "inference_profile_arn", None):
            source = getattr(model, "inference_profile_model", None)
            behind = list(cls.of(source).answering_arns) if source else None
            return cls.application_inference_profile(arn, model_arns=behind)
        return cls.from_id(arn)
