"""The name of a file as it is shown and offered for download."""

import re
import unicodedata

from tcm_demo.lib.downloads import file_name
from tcm_demo.lib.text import is_unseen

MAX_NAME = 120  # characters, the extension among them
NAMELESS = "未命名"
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,10}$")
# letters and marks that are drawn as nothing; is_unseen() knows the others
_BLANK_LETTERS = str.maketrans("", "", "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")


def clean_name(name: str) -> str:
    r"""`C:\报表\..\总结.pdf` as 总结.pdf: one line of at most 120 characters, in NFC, that any system can store.

    No path, no characters that nobody sees or that turn others round; Chinese and emoji stay, and the extension does.
    """
    name = re.split(r"[\\/]", name)[-1]
    name = re.sub(r"^[A-Za-z]:", "", name)
    # line breaks and tabs separate words before they go with the other control characters
    name = re.sub(r"\s+", " ", name)
    name = "".join(c for c in name.translate(_BLANK_LETTERS) if not is_unseen(c))
    name = unicodedata.normalize("NFC", name)
    if re.fullmatch(r"[\s.]*", name):
        return NAMELESS
    name = file_name(re.sub(r"\s+", " ", name))
    extension = extension_of(name)
    stem = name.removesuffix(extension)[: MAX_NAME - len(extension)].rstrip(" .")
    return (stem or NAMELESS) + extension


def extension_of(name: str) -> str:
    """With its dot (".pdf"), "" where there is none."""
    found = _EXTENSION.search(name)
    return found[0] if found else ""
