"""Who may call what, decided by the emulator's own IAM."""

from ministack.core.iam_actions import identity_denial_message
from ministack.core.iam_evaluator import AuthError

from bedrock_local.bedrock.access.ports import Caller, Context
from bedrock_local.bedrock.service_model.errors import AccessDeniedException, MissingAuthenticationTokenException
from bedrock_local.services.iam import denial


class EmulatedIam:
    """An `Authorizer`: decides about the signer of the request that is being answered."""

    def require(self, caller: Caller, action: str, resource: str, context: Context) -> None:
        """Return if the caller may; see `Authorizer`."""
        denied = denial(caller.access_key, caller.place, action, resource, context)
        if isinstance(denied, AuthError):
            raise MissingAuthenticationTokenException(denied.message)
        if denied:
            explicit = denied.decision == "Deny"
            raise AccessDeniedException(identity_denial_message(action, denied.principal_arn, resource, explicit))
