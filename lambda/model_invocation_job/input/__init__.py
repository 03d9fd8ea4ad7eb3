"""The records of a job, put where it reads them."""
