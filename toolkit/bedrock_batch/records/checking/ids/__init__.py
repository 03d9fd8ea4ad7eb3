"""The ids of records: those of a file, those of all, and which of them repeat."""
