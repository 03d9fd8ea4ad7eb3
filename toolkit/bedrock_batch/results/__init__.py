"""The results of a job: what became of each record, beside the records themselves."""
