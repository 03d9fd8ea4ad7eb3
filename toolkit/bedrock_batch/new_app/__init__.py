"""A new app with one batch inference job, as files to start from."""

from bedrock_batch.new_app.create import create_app

__all__ = ["create_app"]
