"""All binders as one PDF: bookmarks by section, item and piece, page numbers as they are printed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import BinaryIO

import pikepdf

from assessments.binders.content import BinderContent
from assessments.binders.contents import Link
from assessments.binders.copying import Addition, Copier
from assessments.binders.merge import Merged, Merger, Place
from assessments.binders.outline import write_outline
from assessments.binders.overall import Overall, draw_overall
from assessments.binders.page import Paper
from assessments.binders.pdf_file import PdfFile, numbers, references, text
from assessments.binders.stamp import Stamper, stamp_words
from indicators.naming import item_name

_DIGITS = "0123456789"


def write_whole(
    contents: Sequence[BinderContent], file: BinaryIO, tell: Callable[[str], None]
) -> tuple[int, list[str]]:
    """Write the PDF into an open file; `tell` is called with words after each piece and each binder. Returns how many
    pages it has, and a sentence for each file that could not be merged.

    Several binders have a cover and contents of the whole before them. The own pages of all are drawn in one, so that
    their fonts are there once, and come last in the file.
    """
    target, paper = PdfFile(file), Paper(title_of(contents))
    root = target.reserve()
    merger = Merger(target, paper, Stamper(target, _stamp_characters(contents)), _repeated(contents))
    merged = [merger.merge(content, tell) for content in contents]
    overall, front = draw_overall(paper, merged), target.reserve()
    own = _copy_own(target, paper, merged, overall, front)
    _write_tree(
        target,
        root,
        {front: [own[page] for page in overall.pages]} | {binder.node: binder.order(own) for binder in merged},
    )
    catalog = target.add(
        b"<< /Type /Catalog /Pages %d 0 R /Outlines %d 0 R /PageLabels << /Nums [%s] >> /PageMode /UseOutlines "
        b"/Lang (zh-CN) >>" % (root, write_outline(target, merged, own), _labels(merged, overall))
    )
    target.finish(catalog, target.add(b"<< /Title %s >>" % text(title_of(contents))))
    pages = len(overall.pages) + sum(binder.count for binder in merged)
    return pages, [note for binder in merged for note in binder.notes]


def _copy_own(target: PdfFile, paper: Paper, merged: Sequence[Merged], overall: Overall, front: int) -> list[int]:
    """The paper's pages in the target, those of contents leading to what they name; returns their objects. `front`: the
    node of what comes before all binders."""
    nodes = {page: binder.node for binder in merged for page in binder.drawn} | dict.fromkeys(overall.pages, front)
    links = _links(merged, overall)
    with pikepdf.open(BytesIO(paper.save())) as source:
        copier = Copier(target, source)

        def adding(page: pikepdf.Page, at: int) -> Addition:
            return Addition(annotations=b"".join(_link(*each, copier.placed) for each in links.get(at, ())))

        return copier.pages(nodes.__getitem__, adding)


def _links(merged: Sequence[Merged], overall: Overall) -> dict[int, list[tuple[Link, int | Place]]]:
    """Rows of contents by the page of the paper that they stand on, each with the page or the evidence it leads to."""
    found: dict[int, list[tuple[Link, int | Place]]] = {}
    for link in overall.links:
        found.setdefault(link.page, []).append((link, merged[link.entry].front.cover))
    for binder in merged:
        for link in binder.front.links:
            to = binder.body.start if link.entry is None else binder.places[link.entry]
            found.setdefault(link.page, []).append((link, to))
    return found


def _link(link: Link, to: int | Place, own: Sequence[int]) -> bytes:
    page = own[to] if isinstance(to, int) else to.objects(own)[0]
    written = b"<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [%s] /Dest [%d 0 R /Fit] >> "
    return written % (numbers(link.box), page)


def _write_tree(target: PdfFile, root: int, nodes: Mapping[int, Sequence[int]]) -> None:
    """The root over these nodes, each with the pages under it; those without any are left out."""
    nodes = {node: pages for node, pages in nodes.items() if pages}
    for node, pages in nodes.items():
        kids = (len(pages), references(pages), root)
        target.write(node, b"<< /Type /Pages /Count %d /Kids [%s] /Parent %d 0 R >>" % kids)
    count = sum(map(len, nodes.values()))
    target.write(root, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, references(list(nodes))))


def title_of(contents: Sequence[BinderContent]) -> str:
    first = contents[0]
    if len(contents) == 1:
        return f"{first.county} {item_name(first.item_number)} {first.item_title} 迎检资料（{first.period}）"
    return f"{first.county} 迎检资料（{first.period}）"


def _stamp_characters(contents: Sequence[BinderContent]) -> str:
    return stamp_words(_DIGITS + "".join(p.number for content in contents for p in content.pieces), 0)


def _repeated(contents: Sequence[BinderContent]) -> set[str]:
    counted = Counter(piece.sha256 for content in contents for piece in content.pieces)
    return {digest for digest, count in counted.items() if count > 1}


def _labels(merged: Sequence[Merged], overall: Overall) -> bytes:
    """What a viewer shows as page numbers: those printed, before them the item where there are several."""
    start, found = len(overall.pages), []
    if overall.pages:
        found.append(b"0 << /P %s >> 1 << /P %s /S /D >>" % (text("总封面"), text("总目录 ")))
    for binder in merged:
        item = f"{binder.content.short_number} " if len(merged) > 1 else ""
        front = binder.front
        contents_at = start + front.contents - front.cover
        body_at = start + front.end - front.cover
        found.append(b"%d << /P %s /S /D >>" % (start, text(f"{item}封面 ")))
        found.append(b"%d << /P %s /S /D >>" % (contents_at, text(f"{item}目录 ")))
        found.append(b"%d << /P %s /S /D >>" % (body_at, text(item)))
        start = body_at + len(binder.body) + sum(place.count for place in binder.places)
    return b" ".join(found)
