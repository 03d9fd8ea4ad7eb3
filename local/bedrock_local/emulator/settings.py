"""The settings of the emulator, which it reads from the environment when it is imported."""

import os

from bedrock_local.environment import ACCOUNT, HOST


def set_environment(port: int, secret: str, concurrency: int | None = None) -> None:
    """Set them, and take what is about real accounts out of the environment.

    Parameters
    ----------
    port
        Where the emulator will be served.
    secret
        The secret access key of every account's root user.
    concurrency
        How many functions run at once. Default: as many as the memory of this machine suffices for.
    """
    os.environ |= {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": HOST,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "ERROR",
        # ministack removes the containers that carry its label: here there are none, and others may be the user's.
        "DOCKER_HOST": "unix:///nonexistent",
        # ministack takes the credentials in its environment for its root user's: not the ones of a real account.
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": secret,
        # Neither do our own clients read what is configured for real accounts.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    if concurrency is not None:
        os.environ["LAMBDA_ACCOUNT_CONCURRENCY"] = str(concurrency)
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
