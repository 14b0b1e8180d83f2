"""The writing doors of sealed identities: seal and open, share and end, turn keys, hold and erase."""
