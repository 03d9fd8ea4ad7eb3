"""What mends the emulator: one file a defect, with its symptom and the version in which it was seen."""
