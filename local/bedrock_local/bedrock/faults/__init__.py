"""What goes wrong because somebody asked for it."""
