"""The job itself: its name, its parameters, its tags, and what it offers once it is there."""
