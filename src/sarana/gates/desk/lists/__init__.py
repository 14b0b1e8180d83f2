"""The pages of words and areas."""
