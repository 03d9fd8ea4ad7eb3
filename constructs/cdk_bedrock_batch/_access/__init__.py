"""What a job's role and its function must be allowed: statements, whose they are, keys, the network."""
