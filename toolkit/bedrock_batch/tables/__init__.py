"""Tables of the user's own: CSV, JSON Lines, Parquet and data frames, read a few rows at a time."""
