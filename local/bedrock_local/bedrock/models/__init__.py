"""The models: what a ``modelId`` stands for, what bodies it takes, and what answers in its place."""
