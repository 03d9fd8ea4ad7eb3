"""Results as tables, in several formats."""
