"""A real homeserver, people with real clients on it, and copbot at work among them."""
