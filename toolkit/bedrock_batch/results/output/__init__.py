"""The output files of a job, read line by line."""
