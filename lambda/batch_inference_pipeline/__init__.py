"""The functions of a pipeline: cutting its input into jobs, running them, and gathering what came of them."""
