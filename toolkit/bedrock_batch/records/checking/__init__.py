"""How the records of a file are checked: many lines at once where all is well, one by one where it is not."""
