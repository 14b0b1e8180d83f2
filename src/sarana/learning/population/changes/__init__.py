"""What changed since the last year: published rates of two runs of one province side by side."""
