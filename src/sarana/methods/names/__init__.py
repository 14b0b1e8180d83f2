"""Names as people wrote them, brought to one spelling, taken apart, and made comparable across scripts."""
