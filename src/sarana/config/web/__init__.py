"""Settings of the web by concern, the addresses, and the program that serves them."""
