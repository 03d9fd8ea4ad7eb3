"""The input as S3 lists it: what of it is new, and what each invocation cuts of that."""
