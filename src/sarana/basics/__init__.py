"""What every room stands on: errors, progress, references. Imports nothing of ours and nothing of Django."""
