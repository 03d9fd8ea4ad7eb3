"""A local AWS to deploy to: an emulator, a faithful Bedrock batch service in it, and the `bedrock-local` CLI."""
