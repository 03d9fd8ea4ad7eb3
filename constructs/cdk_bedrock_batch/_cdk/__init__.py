"""What is asked of the CDK: its pseudo parameters and tokens, what the jobs of a stack share, its large modules."""
