"""What this room answers where something cannot be done."""

from collections.abc import Sequence


class Refused(ValueError):
    """What was asked for cannot be done; the text is a Chinese sentence for the person who asked.

    `reasons`: the single faults, where there are several.
    """

    def __init__(self, sentence: str, reasons: Sequence[str] = ()):
        super().__init__(sentence)
        self.reasons = tuple(reasons)
