"""The jobs: their states and times, where they are kept, and what limits them."""
