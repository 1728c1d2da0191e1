"""Reads published plans: the text of a plan in, a proposal of a standard out. Pure; rules and no model.

lines mends the text, outline makes the tree, parts and items find the tasks, departments and duties who does them,
thresholds what figures they have to reach; fitting puts a figure to a criterion that is known already.
"""

from indicators.plans.reading import read_plan

__all__ = ["read_plan"]
