"""Indicators scored 1 to 3, the index made of them, its bounds and its band; and who is to be referred now."""
