"""What the page shows, as JSON: a module a part of it."""
