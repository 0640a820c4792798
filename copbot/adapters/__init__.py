"""The platforms: each turns what happens there into copbot's vocabulary and back. None knows another, none the database."""
