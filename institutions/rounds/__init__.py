"""Rounds: set up, worked through (worklist, reminders), closed."""
