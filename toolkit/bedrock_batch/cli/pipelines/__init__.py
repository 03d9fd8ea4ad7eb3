"""Pipelines and their runs on the command line: which are meant, how far one is, and how it ended."""
