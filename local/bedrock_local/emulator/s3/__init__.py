"""S3, where the emulator keeps it differently."""
