"""Activities: who organised what, where, when, for which whole group, how many it reached, and what it cost."""
