"""The reading doors of conflicts: whom they hide, and what was written down."""
