"""CloudFormation, where the emulator keeps it differently."""
