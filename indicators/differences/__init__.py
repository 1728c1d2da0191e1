"""Two standards, or two versions of one, item by item."""

from indicators.differences.compare import Differences, compare

__all__ = ["Differences", "compare"]
