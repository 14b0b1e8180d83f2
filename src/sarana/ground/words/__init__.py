"""Acts that need a second person's word: proposed by one, agreed to by another, carried out by the first."""
