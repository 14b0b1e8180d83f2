"""The pages of this room, one errand a file."""
