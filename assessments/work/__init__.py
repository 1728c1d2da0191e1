"""The work on an item: who does what until when, what the county says of itself, and what happened."""
