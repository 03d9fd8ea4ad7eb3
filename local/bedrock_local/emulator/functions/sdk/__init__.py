"""The AWS SDK for JavaScript as far as functions ask it: its packages on top of the service models that boto3 ships."""
