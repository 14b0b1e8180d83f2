"""What this system really does: who sees what, limits, walls, second words, and what it costs to keep running."""
