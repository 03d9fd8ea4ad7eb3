"""What each family of models takes as a body: members, types, ranges and roles, after the pages that say so."""
