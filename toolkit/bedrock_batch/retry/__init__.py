"""Another try: the records of a job that deserve one, and the job that makes it."""
