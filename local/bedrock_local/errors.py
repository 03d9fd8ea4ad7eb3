"""What `bedrock-local` tells its user in a sentence, without a traceback.

BedrockLocalError
├── LocalAwsError       the local AWS cannot start, is not running, has ended, or is not the one that was asked for
├── CdkNotFoundError    there is no CDK CLI, or nothing to run it with
└── DeploymentError     the CDK CLI ended with an error
"""

from __future__ import annotations


class BedrockLocalError(RuntimeError):
    """Something that the user can read and put right; the message says how."""


class LocalAwsError(BedrockLocalError):
    """The local AWS cannot start, is not running, has ended, or is not the one that was asked for."""


class CdkNotFoundError(BedrockLocalError):
    """There is no CDK CLI, or nothing to run it with."""


class DeploymentError(BedrockLocalError):
    """The CDK CLI ended with an error."""
