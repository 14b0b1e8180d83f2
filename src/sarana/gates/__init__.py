"""How the house meets the outside."""
