"""What the next deployment will do to the jobs of an app, before it is paid."""
