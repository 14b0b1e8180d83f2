"""Indicator sets: seen, argued over, copied, changed, and adopted by two people when their effect is known."""
