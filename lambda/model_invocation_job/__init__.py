"""The custom resource ``Custom::BedrockModelInvocationJob``, as it runs in AWS Lambda."""
