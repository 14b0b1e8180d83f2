"""The shell of every page: base templates, pieces of pages, language, style."""
