"""What may be shown of a table of counts: small cells, groups of one mind, and second cells against subtraction."""
