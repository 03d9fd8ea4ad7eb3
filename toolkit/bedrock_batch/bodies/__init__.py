"""Request bodies: what is asked of a model, written as its family takes it."""
