"""What the process answers: facts, or why not."""


class Refused(Exception):
    """Why the file is not taken: the rest of a sentence that begins with the file's name."""
