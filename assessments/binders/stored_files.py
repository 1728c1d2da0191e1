"""Files of evidence as binders read them."""

from typing import BinaryIO

from assessments.binders.content import Opener
from assessments.evidence.storage import storage


def opener(name: str) -> Opener:
    """Opens the stored file of this name, wherever the storage is."""

    def opened() -> BinaryIO:
        try:
            return storage().open(name, "rb").file
        except OSError:
            raise
        except Exception as error:  # a bucket's client has errors of its own
            raise OSError(f"{name}: {error}") from error

    return opened
