"""What a request does about jobs: adopt one, make one, keep one, stop one, and remove what it needed."""
