"""The ids of all records of a run: written down while cutting, and compared before a job is made."""
