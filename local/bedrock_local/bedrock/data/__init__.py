"""The data of a job in S3: records, input, output, and the media that records name."""
