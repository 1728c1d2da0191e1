"""What the binder (迎检资料) of one item holds, as plain dataclasses: PDF, folders and Excel list are made from these.

Texts are ready to print.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

# Opens a file for reading, seekable; raises OSError where it cannot be read.
Opener = Callable[[], BinaryIO]


@dataclass(frozen=True)
class CriterionRow:
    """One criterion with its result, and from which reports it comes: 13 家机构已接受的填报，截至 2024年3月1日.

    `counted` says more of the reports, institution by institution where they are few; one line each.
    """

    code: str
    name: str
    level: str
    value: str
    target: str
    status: str
    coverage: str = ""
    sources: str = ""
    counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class StatementText:
    """The county's self-assessment statement (自评说明); paragraphs are lines of `text`."""

    text: str
    written_by: str = ""
    written_on: str = ""


@dataclass(frozen=True)
class EvidencePiece:
    """One accepted document or picture under its number (档案号, 24-03). `file` opens the original, `pdf_form` the PDF
    made of an Office file; None where there is none. `kind` is a value of files.enums.FileKind, `extension` as pdf,
    `size` in bytes; `pages` 0 where it is not known."""

    number: str
    title: str
    requirement: str
    file_name: str
    extension: str
    kind: str
    size: int
    sha256: str
    pages: int = 0
    kind_label: str = ""
    document_number: str = ""
    issuer: str = ""
    document_date: str = ""
    institution: str = ""
    accepted_by: str = ""
    accepted_on: str = ""
    file: Opener | None = None
    pdf_form: Opener | None = None


@dataclass(frozen=True)
class BinderContent:
    """The binder of one item in one county, campaign and period. Pieces stand in the order of their numbers; `missing`
    holds a sentence for everything that is lacking; `printed_on` is the day in words."""

    county: str
    standard: str
    period: str
    section_number: str
    section_name: str
    item_number: str
    item_title: str
    requirement: str
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    status_label: str = ""
    still_open: tuple[str, ...] = ()
    criteria: tuple[CriterionRow, ...] = ()
    statement: StatementText | None = None
    pieces: tuple[EvidencePiece, ...] = ()
    missing: tuple[str, ...] = ()
    printed_on: str = ""

    @property
    def short_number(self) -> str:
        """As it begins archive numbers and folder names: 4 as 04, so that they sort."""
        return self.item_number.zfill(2)
