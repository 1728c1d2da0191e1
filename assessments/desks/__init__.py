"""What lies on whose desk: an item's open work, a department's items, and what waits for one person."""
