"""The console: one page, in the browser of who started the local AWS, of what happens in it."""
