"""Who asks and who acts: callers, and the service roles of jobs."""
