"""What the handlers and the jobs of a feature share: the life of a round, of a reminder, of a practice, in words."""
