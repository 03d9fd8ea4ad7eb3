"""The cutting of an input of any size into shards: each an object of S3 that is the input of one job."""
