"""What people agreed to, on pages."""
