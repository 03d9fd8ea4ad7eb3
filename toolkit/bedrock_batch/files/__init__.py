"""Files on this machine and in S3."""
