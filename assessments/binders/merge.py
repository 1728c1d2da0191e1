"""Puts one item's evidence into a PDF file as stamped pages, and draws its own pages beside it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assessments.binders.content import BinderContent, EvidencePiece
from assessments.binders.contents import Entry
from assessments.binders.copying import Copier
from assessments.binders.names import folder_name, piece_names
from assessments.binders.page import Paper
from assessments.binders.paper import Chapter, Front, ItemPaper
from assessments.binders.pdf_file import NotWritten, PdfFile
from assessments.binders.sources import DAMAGED, MENDED, Unmergeable, opened
from assessments.binders.stamp import Stamper, stamp_words
from indicators.naming import item_name

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where a piece went: objects of its pages in the target, or pages of the paper with the sheet that stands for it.

    `number` is that of its first page in the binder.
    """

    piece: EvidencePiece
    number: int
    pages: tuple[int, ...] = ()
    sheet: range = range(0)

    @property
    def count(self) -> int:
        return len(self.pages) + len(self.sheet)

    def objects(self, own: Sequence[int]) -> list[int]:
        """`own`: objects of the paper's pages."""
        return [*self.pages, *(own[page] for page in self.sheet)]


@dataclass(frozen=True)
class Merged:
    """A binder: its node in the target's page tree, its own pages on the paper, and where its evidence is."""

    content: BinderContent
    node: int
    body: range
    chapters: tuple[Chapter, ...]
    front: Front
    places: tuple[Place, ...]
    notes: tuple[str, ...]

    @property
    def drawn(self) -> list[int]:
        """Its pages on the paper."""
        return [*self.body, *self.front.pages, *(page for place in self.places for page in place.sheet)]

    @property
    def count(self) -> int:
        """Of all its pages."""
        return len(self.front.pages) + len(self.body) + sum(place.count for place in self.places)

    def order(self, own: Sequence[int]) -> list[int]:
        """Objects of all its pages as they are bound; `own`: objects of the paper's pages."""
        found = [own[page] for page in (*self.front.pages, *self.body)]
        return found + [number for place in self.places for number in place.objects(own)]


class Merger:
    """Puts binders into one target file; their own pages are drawn onto one paper."""

    def __init__(self, target: PdfFile, paper: Paper, stamper: Stamper, repeated: set[str]):
        self.target, self.paper, self.stamper = target, paper, stamper
        # by digest, of files that come more than once: where their fonts and pictures already are
        self._known: dict[str, dict] = {digest: {} for digest in repeated}

    def merge(self, content: BinderContent, tell: Callable[[str], None]) -> Merged:
        """`tell` is called with words after each piece and after the own pages."""
        node = self.target.reserve()
        drawn = ItemPaper(content, self.paper)
        body = drawn.body()
        notes: list[str] = []
        places: list[Place] = []
        number = len(body) + 1
        for piece, name in zip(content.pieces, piece_names(content), strict=True):
            where = f"{folder_name(content)}/{name}"
            places.append(self._piece(piece, number, node, drawn, where, notes))
            number += places[-1].count
            tell(f"{piece.number} {piece.title}")
        front = drawn.front([Entry(place.piece, place.number, place.count) for place in places], number - 1)
        tell(f"{item_name(content.item_number)} {content.item_title}")
        return Merged(content, node, body, tuple(drawn.chapters), front, tuple(places), tuple(notes))

    def _piece(
        self, piece: EvidencePiece, number: int, node: int, drawn: ItemPaper, where: str, notes: list[str]
    ) -> Place:
        """`where`: its name in the ZIP."""
        mark = self.target.mark()
        try:
            pages, is_damaged = self._copied(piece, number, node)
        except Unmergeable as fault:
            reason = str(fault)
        except NotWritten:
            raise
        except Exception:  # a damaged file fails in ways that nobody can list, and must not stop the others
            logger.warning("evidence %s could not be merged", piece.sha256, exc_info=True)
            reason = DAMAGED
        else:
            if is_damaged:
                notes.append(f"{piece.number}《{piece.title}》：{MENDED}")
            return Place(piece, number, tuple(pages))
        self.target.rewind(mark)
        notes.append(f"{piece.number}《{piece.title}》：{reason}")
        return Place(piece, number, sheet=drawn.sheet(piece, reason, where, _stamps(piece, number)))

    def _copied(self, piece: EvidencePiece, number: int, node: int) -> tuple[list[int], bool]:
        """The pages of a piece in the target, and whether something in its file is damaged."""
        with opened(piece) as source:
            copier = Copier(self.target, source, self._known.get(piece.sha256))
            damaged = self.stamper.damaged
            pages = copier.pages(lambda place: node, self.stamper.adding(_stamps(piece, number)))
            if not pages:
                raise Unmergeable(DAMAGED)
            return pages, bool(source.get_warnings()) or self.stamper.damaged > damaged


def _stamps(piece: EvidencePiece, number: int) -> Callable[[int], str]:
    """The words on each page of a piece that begins at this number."""
    return lambda place: stamp_words(piece.number, number + place)
