"""A prefecture's counties side by side, and together: merged from stored results, no institution is read."""
