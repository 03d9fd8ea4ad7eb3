"""Pipelines and their runs: datasets that are many jobs, each run an execution of a state machine."""
