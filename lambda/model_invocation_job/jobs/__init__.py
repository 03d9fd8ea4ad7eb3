"""Bedrock's jobs and CloudFormation's stacks: what can be asked of them, and what refusals mean."""
