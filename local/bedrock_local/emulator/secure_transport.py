"""``aws:SecureTransport``: CDK's bootstrap bucket refuses plain HTTP, which is all that ministack is served over here.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
"""

from bedrock_local.asgi import Application, Receive, Scope, Send


def secure(application: Application) -> Application:
    """Let every request count as secure, since it comes over loopback.

    Parameters
    ----------
    application
        The emulator.

    Returns
    -------
    Application
        The one to serve.
    """

    async def secured(scope: Scope, receive: Receive, send: Send) -> None:
        await application({**scope, "scheme": "https"} if "scheme" in scope else scope, receive, send)

    return secured
