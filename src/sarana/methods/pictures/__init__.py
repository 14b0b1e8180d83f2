"""Pictures: photographs read without what they carry unseen, and copies that hide a face or a mark for good."""
