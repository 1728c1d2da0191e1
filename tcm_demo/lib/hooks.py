"""A named moment that rooms further up can listen to, without the room below knowing them.

Imports run one way, so `institutions` cannot call `assessments`. It announces "figures changed" instead, and
`assessments` registers what has to follow. Listeners run at once, in order, inside the announcer's transaction:
if one fails, the write fails.
"""

from collections.abc import Callable


class Hook:
    def __init__(self, name: str):
        self.name = name
        self._listeners: list[Callable] = []

    def register(self, listener: Callable) -> Callable:
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def __call__(self, **facts) -> None:
        for listener in self._listeners:
            listener(**facts)


class Question:
    """What a room below has to ask a room further up: exactly one answers."""

    def __init__(self, name: str):
        self.name = name
        self._answer: Callable | None = None

    def register(self, answer: Callable) -> Callable:
        self._answer = answer
        return answer

    def __call__(self, **facts):
        if self._answer is None:
            raise LookupError(f"nobody answers {self.name}")
        return self._answer(**facts)
