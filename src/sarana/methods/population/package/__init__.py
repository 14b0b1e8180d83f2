"""What a province hands to the nation: one signed file of its protected tables, written and read without a database."""
