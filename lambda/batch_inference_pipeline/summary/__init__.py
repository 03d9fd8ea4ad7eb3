"""What a run came to, as an object and as an event."""
