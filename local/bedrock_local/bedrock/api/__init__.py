"""The operations over HTTP: who may call them, what they do, and what they answer."""
