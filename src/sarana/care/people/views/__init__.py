"""The pages about people: looking, entering, changing, working together, and the end."""
