"""Records out of a table: a template, whose fields are columns, as the body of a model for each row."""
