"""What is measured, against what, in one run: `./dev bench population`."""
