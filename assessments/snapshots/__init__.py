"""Snapshots (存档): named, locked, computed again, and held against each other."""
