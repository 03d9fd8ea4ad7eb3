"""The API as botocore's service model describes it: operations, constraints and errors."""
