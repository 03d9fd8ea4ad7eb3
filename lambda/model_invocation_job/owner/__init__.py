"""Whose a job is, and what for: names, tokens, and the jobs that are found by them."""
