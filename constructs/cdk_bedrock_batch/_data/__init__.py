"""Where a job's data is: its kinds of input, its places in S3, the buckets that a stack has for it."""
