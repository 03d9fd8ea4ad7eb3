"""Functions as the emulator runs them, where AWS Lambda does it differently."""
