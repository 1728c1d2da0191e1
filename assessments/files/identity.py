"""Identity numbers (GB 11643-1999) in names and texts. A whole number leaves this module nowhere."""

import datetime
import logging
import re
from pathlib import Path

from assessments.files.apart.answers import Refused
from assessments.files.apart.process import Stopped, ask
from assessments.files.enums import FileKind

TEXT_SECONDS = 30
PAGES = 50
NAMED = 3
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
# people also write it in its three parts
_LOOKS_LIKE = re.compile(r"(?<![0-9])([1-9][0-9]{5}) ?([12][0-9]{7}) ?([0-9]{3}[0-9Xx])(?![0-9])")
# the provinces' codes, and 91 for the foreigners who live here
_REGIONS = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)}
_REGIONS |= {71, 81, 82, 83, 91}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_log = logging.getLogger(__name__)


def identity_numbers_in(text: str) -> list[str]:
    """Each number of 18 places with a real birth date and the right check digit once, masked: 3703********1234."""
    found = {}
    for match in _LOOKS_LIKE.finditer(text.translate(_FULL_WIDTH)):
        number = "".join(match.groups()).upper()
        if is_identity_number(number):
            found[number] = f"{number[:4]}********{number[-4:]}"
    return list(found.values())


def without_identity_numbers(text: str) -> str:
    """The text with each such number masked, for places where it would stay for ever."""
    plain = text.translate(_FULL_WIDTH)
    for match in reversed(list(_LOOKS_LIKE.finditer(plain))):
        number = "".join(match.groups()).upper()
        if is_identity_number(number):
            text = f"{text[: match.start()]}{number[:4]}********{number[-4:]}{text[match.end() :]}"
    return text


def is_identity_number(number: str) -> bool:
    """Of 18 places in plain digits, the last perhaps X."""
    try:
        born = datetime.datetime.strptime(number[6:14], "%Y%m%d").date()
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return (
        int(number[:2]) in _REGIONS
        and datetime.date(1900, 1, 1) <= born <= datetime.date.today()
        and number[17] == _CHECKS[total % 11]
    )


def looks_personal(name: str, path: Path, kind: FileKind) -> list[str]:
    """What to ask the person to look at again: sentences, none where nothing was found.

    Looked at: the name; the text of a PDF's first 50 pages; the text of .docx, .xlsx and .pptx. Not looked at: what a
    picture or scan shows, .doc, .xls, .ppt, .ofd, and a file whose text cannot be read in time.
    """
    sentences = name_looks_personal(name)
    inside = identity_numbers_in(_text_of(path)) if kind != FileKind.PICTURE else []
    if inside:
        sentences.append(f"文件内容里像有身份证号：{_listed(inside)}。请遮盖后再上传，或确认需要保留。")
    return sentences


def name_looks_personal(name: str) -> list[str]:
    """The same of the name alone, which needs no time."""
    found = identity_numbers_in(name)
    return [f"文件名里像有身份证号：{_listed(found)}。请改名后再上传，或确认需要保留。"] if found else []


def _listed(numbers: list[str]) -> str:
    more = f" 等 {len(numbers)} 个" if len(numbers) > NAMED else ""
    return "、".join(numbers[:NAMED]) + more


def _text_of(path: Path) -> str:
    try:
        return ask("read_text", path, TEXT_SECONDS, pages=PAGES)[1].decode("utf-8")
    except (Refused, Stopped) as error:
        _log.warning("text not looked at: %s", error)
        return ""
