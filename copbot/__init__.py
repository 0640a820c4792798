"""copbot: a companion for communities of practice."""
