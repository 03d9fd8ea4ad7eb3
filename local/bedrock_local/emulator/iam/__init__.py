"""IAM and who asks it, where the emulator keeps it differently."""
