"""The input of a job, read back after the job to find the record of each result."""
