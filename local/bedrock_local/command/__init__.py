"""The `bedrock-local` command: its arguments, what it does, and what it prints."""
