"""Filling in a report: its form and the grid of many, what a cell means, what is wrong or doubtful, and the writing.

cells, findings, thresholds and twins are pure: the same rules serve while somebody types, at submission and in imports.
"""
