"""Which models take batch jobs in a Region, and how much a job of each may be."""
