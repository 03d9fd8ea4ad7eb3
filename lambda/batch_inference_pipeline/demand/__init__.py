"""What jobs have left: another round of jobs, or questions to the model one at a time."""
