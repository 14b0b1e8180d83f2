"""The vault: backups that only the organisation opens, restoring them, and trying that they can be restored."""
