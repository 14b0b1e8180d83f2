"""In and out of the house: so far, what an agency takes along when it leaves."""
