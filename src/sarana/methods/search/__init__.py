"""Search for people in a sealed file: names in any script and spelling, numbers, birth, place; ranked, with reasons."""
