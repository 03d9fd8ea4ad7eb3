"""Results beside the rows of the table that their records were made of."""
