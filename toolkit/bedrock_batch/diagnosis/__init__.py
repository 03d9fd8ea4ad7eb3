"""Why a job has failed, or would: what its account says when it is asked."""
