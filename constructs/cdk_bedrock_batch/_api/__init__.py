"""Bedrock's API as the installed botocore tells it, and the checks at synth that follow from it."""
