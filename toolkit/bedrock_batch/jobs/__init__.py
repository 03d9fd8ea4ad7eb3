"""Model invocation jobs: which there are, which is meant, and how far one is."""
