"""What came of a job, record by record: what is answered, what failed for good, and what is to be asked again."""
