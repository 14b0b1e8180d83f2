"""From sector files to people, scores and areas: what a province's files are, reading, standardising, the chain."""
