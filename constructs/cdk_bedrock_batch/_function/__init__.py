"""The stack's function: what it is made of, what it may do, and the properties that it is called with."""
