"""The life of a job, in a thread of its own: its records to their answers."""
