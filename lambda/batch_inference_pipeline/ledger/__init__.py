"""What a pipeline remembers: which job stands for which shard, and how many run."""
