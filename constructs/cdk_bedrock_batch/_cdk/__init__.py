"""What is asked of the CDK: its pseudo parameters, what the jobs of a stack share, its large modules."""
