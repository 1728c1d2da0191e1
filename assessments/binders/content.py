"""What the binder (迎检资料) of one item holds, as plain dataclasses: PDF, folders and Excel list are made from these.

Texts are ready to print.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

# Opens a file for reading, seekable; raises OSError where it cannot be read.
Opener = Callable[[], BinaryIO]
# over the sentences of BinderContent.not_counted and of .unbound
NOT_COUNTED, UNBOUND = "不计入的材料", "已认可、没有材料的要求"
# sheets of the Excel list that hold the sentences in full
MISSING_SHEET, ASIDE_SHEET = "缺件清单", "另行说明"


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
    """One accepted document or picture under its number (档案号, 24-03), which stands for several where it is not
    `is_numbered` (24-待编). `file` opens the original, `pdf_form` the PDF made of an Office file; None where there is
    none. `kind` is a value of files.enums.FileKind, `extension` as pdf, `size` in bytes; `pages` 0 where it is not
    known; days as 2023-12-28."""

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
    is_numbered: bool = True

    @property
    def full_title(self) -> str:
        """With the institution that it is of, unless the title says so."""
        if not self.institution or self.institution in self.title:
            return self.title
        return f"{self.title}（{self.institution}）"


@dataclass(frozen=True)
class BinderContent:
    """The binder of one item in one county, campaign and period. Pieces stand in the order of their numbers, those that
    have none yet after them; `printed_on` is the day in words.

    `missing` holds a sentence for each requirement that is lacking, `not_counted` for each settled one of which further
    pieces do not count, `unbound` for each that was accepted without papers. None of it is there, and nothing says that
    it is not, unless `tells_missing`.
    """

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
    not_counted: tuple[str, ...] = ()
    unbound: tuple[str, ...] = ()
    tells_missing: bool = True
    printed_on: str = ""

    @property
    def short_number(self) -> str:
        """As it begins archive numbers and folder names: 4 as 04, so that they sort."""
        return self.item_number.zfill(2)
