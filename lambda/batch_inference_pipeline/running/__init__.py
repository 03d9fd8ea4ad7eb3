"""The jobs of a run: made, adopted, waited for, stopped."""
