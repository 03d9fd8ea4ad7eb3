"""What a job came to, as attributes or as the reason of a failure."""
