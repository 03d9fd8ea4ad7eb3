"""EventBridge and CloudWatch, where the emulator keeps them differently."""
