"""Bedrock's API as the installed botocore tells it, the checks at synth that follow from it, and ARNs."""
