"""Waiting for a job: in the function for seconds, without it for hours."""
