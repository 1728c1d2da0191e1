"""What this package answers where something cannot be done: Chinese sentences for the person who asked."""


class BadFile(ValueError):
    """The file is not taken: the sentence names it, says what is wrong with it and how to mend it."""


class Infected(BadFile):
    """The virus scanner found something in it."""


class ScannerAway(RuntimeError):
    """A virus scanner is set but gives no answer, so nothing is taken."""


class CannotShow(RuntimeError):
    """A page or picture cannot be drawn."""


class CannotConvert(RuntimeError):
    """An Office file cannot be turned into a PDF."""
