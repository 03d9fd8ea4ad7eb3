"""The records of a job, before they are paid for: checked, and split into files."""
