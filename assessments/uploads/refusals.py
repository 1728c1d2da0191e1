"""Why an upload does not go on: a Chinese sentence for the person, and the status that the protocol has for it."""

from institutions.refusals import Refused


class UploadRefused(Refused):
    status = 400


class Malformed(UploadRefused):
    """The request is none that a browser of ours sends."""


class WrongOffset(UploadRefused):
    """These bytes do not follow on what is there: the client asks anew where to go on."""

    status = 409


class Ended(UploadRefused):
    """The file was already taken, or refused."""

    status = 409


class TooLarge(UploadRefused):
    status = 413


class Busy(UploadRefused):
    """Somebody else is writing to it, most often the same person's broken connection."""

    status = 423


class TooMany(UploadRefused):
    status = 429


class Crowded(UploadRefused):
    """Too many are received just now: the client comes again by itself."""

    status = 503
    retry_after = 5  # seconds


class Away(UploadRefused):
    """The whole file stays, to be taken in later."""

    status = 503


class NoRoom(UploadRefused):
    """The disk is full: what was received stays, to be gone on with later."""

    status = 507
