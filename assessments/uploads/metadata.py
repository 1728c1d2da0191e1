"""What a client says of a file when it begins: the header Upload-Metadata, as the protocol writes it."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.uploads.refusals import Malformed

ODD_REQUEST = "上传请求不完整，可能是页面已过时。请刷新页面后重新选择文件。"
_LONGEST_NUMBER = 18  # digits: what every database takes for a key


@dataclass(frozen=True)
class Metadata:
    """What the file is for: a requirement (its key), perhaps of an institution (its code), or a new version of a piece
    (`replaces`, its key)."""

    file_name: str = ""
    requirement: int | None = None
    institution: str = ""
    replaces: int | None = None


def parse(header: str) -> Metadata:
    """`filename 5oC757uTLnBkZg==,requirement MTI=`. Raises Malformed."""
    values = {}
    for pair in header.split(","):
        key, _, coded = pair.strip().partition(" ")
        try:
            values[key] = base64.b64decode(coded.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise Malformed(ODD_REQUEST) from None
    return from_fields(values, values.get("filename", ""))


def written(file_name: str) -> str:
    """The header as the protocol wants it back."""
    return f"filename {base64.b64encode(file_name.encode()).decode()}"


def from_fields(values: Mapping[str, str], file_name: str) -> Metadata:
    """The same from a form's fields. Raises Malformed."""
    institution = values.get("institution", "")
    if "\0" in institution:
        raise Malformed(ODD_REQUEST)
    return Metadata(file_name, _key(values, "requirement"), institution, _key(values, "replaces"))


def _key(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise Malformed(ODD_REQUEST)
    return int(text)
