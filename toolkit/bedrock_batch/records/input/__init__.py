"""The files that records are in, here or in S3, with the media that the records refer to."""
