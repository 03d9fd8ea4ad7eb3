"""Step Functions, where the emulator keeps it differently."""
