"""An app that is not deployed yet: its jobs, and what its templates declare around them."""
