"""The commands, a module each: what one is called is the name of its module."""
