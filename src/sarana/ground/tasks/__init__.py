"""What waits for a role to do: taken, given back, ended, by a day; shown on Today, and counted in no statistics."""
