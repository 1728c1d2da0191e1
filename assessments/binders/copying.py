"""Copies pages of one PDF into another object by object; streams go over as they are, not decoded.

pikepdf reads the source; its own way of copying would hold every stream in memory until the end.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, Object

from assessments.binders.pdf_file import PdfFile, references

# strings and names come first: what looks like a reference in them is none. qpdf writes strings with \( and \) inside.
_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|/[^\s<>\[\]()/{}%]+|<[0-9a-fA-F]*>|(\d+) (\d+) R\b", re.DOTALL)
_KEPT = ("/Rotate", "/UserUnit", "/Group", "/TrimBox", "/BleedBox", "/ArtBox")
_INHERITED = {"/Rotate"}
# annotations that carry files, films or programs
_DROPPED = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
_HARMLESS = {"/GoTo", "/URI"}
_DEEPEST = 60


@dataclass(frozen=True)
class Addition:
    """What is added to a page: streams before and after its content, fonts by the name that they use, annotations.

    Numbers of objects of the target; `annotations` ready to be written into an array.
    """

    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    font: tuple[str, int] | None = None
    annotations: bytes = b""


NOTHING = Addition()
Adding = Callable[[pikepdf.Page, int], Addition]


class Copier:
    """Copies from one source. `known`: what earlier copying of the same file has put where, by its object there."""

    def __init__(self, target: PdfFile, source: pikepdf.Pdf, known: dict[tuple[int, int], int] | None = None):
        self.target, self.source = target, source
        self._numbers = dict(known or {})
        self._shared = known
        self._waiting: list[tuple[int, int]] = []
        self._pages: dict[tuple[int, int], int] = {}

    @property
    def placed(self) -> list[int]:
        """Objects of the pages in the target; known as soon as `pages` has begun."""
        return list(self._pages.values())

    def pages(self, parent: Callable[[int], int], adding: Adding = lambda page, place: NOTHING) -> list[int]:
        """All pages; returns the numbers of their objects.

        `parent(place)` is the node of the target's page tree that each stands under, `adding(page, place)` what is
        added to it, `place` counting from 0.
        """
        _flatten_fields(self.source)
        pages = list(self.source.pages)
        self._pages = {page.obj.objgen: self.target.reserve() for page in pages}
        self._numbers |= self._pages
        for place, page in enumerate(pages):
            _tame(page.obj)
            self._page(page, parent(place), adding(page, place))
            self._copy_waiting()
        if self._shared is not None:
            self._shared |= {there: here for there, here in self._numbers.items() if there not in self._pages}
        return self.placed

    def reference(self, obj: Object) -> int:
        """Copy an indirect object and all that it leads to; returns its number."""
        (number,) = re.findall(rb"(\d+) 0 R", self._renumbered(obj.unparse()))
        self._copy_waiting()
        return int(number)

    def _page(self, page: pikepdf.Page, parent: int, added: Addition) -> None:
        obj = page.obj
        entries = {key: value for key in _KEPT if (value := inherited(obj, key, key in _INHERITED)) is not None}
        entries["/MediaBox"], entries["/CropBox"] = page.mediabox, page.cropbox
        parts = [b"<< /Type /Page /Parent %d 0 R" % parent]
        parts += [key.encode() + b" " + self._written(value) for key, value in entries.items()]
        parts.append(b"/Resources " + self._resources(obj, added))
        if contents := self._contents(obj, added):
            parts.append(b"/Contents [%s]" % contents)
        if annotations := self._annotations(obj) + added.annotations:
            parts.append(b"/Annots [%s]" % annotations)
        self.target.write(self._pages[obj.objgen], b" ".join(parts) + b" >>")

    def _resources(self, page: Object, added: Addition) -> bytes:
        resources = inherited(page, "/Resources")
        if not isinstance(resources, Dictionary):
            resources = Dictionary()
        if added.font is None:
            return self._written(resources)
        fonts = resources.get("/Font")
        fonts = fonts if isinstance(fonts, Dictionary) else Dictionary()
        others = Dictionary({key: value for key, value in resources.items() if key != "/Font"})
        name, number = added.font
        with_ours = self._inside(fonts) + b" %s %d 0 R" % (Name(name).unparse(), number)
        return b"<< %s /Font << %s >> >>" % (self._inside(others), with_ours)

    def _contents(self, page: Object, added: Addition) -> bytes:
        own = b" ".join(self._renumbered(part.unparse()) for part in streams(page))
        return b" ".join(part for part in (references(added.before), own, references(added.after)) if part)

    def _annotations(self, page: Object) -> bytes:
        kept = [self._renumbered(a.unparse()) for a in annotations(page) if a.get("/Subtype") not in _DROPPED]
        return b" ".join(kept) + b" " if kept else b""

    def _inside(self, dictionary: Dictionary) -> bytes:
        return self._renumbered(dictionary.unparse(resolved=True)).removeprefix(b"<<").removesuffix(b">>")

    def _written(self, value) -> bytes:
        return self._renumbered(pikepdf.Array([value]).unparse().removeprefix(b"[").removesuffix(b"]"))

    def _renumbered(self, written: bytes) -> bytes:
        """An object as qpdf writes it, with the target's numbers; what it refers to will be copied."""
        return _REFERENCE.sub(self._here, written)

    def _here(self, found: re.Match) -> bytes:
        if not found[1]:
            return found[0]
        there = (int(found[1]), int(found[2]))
        if there not in self._numbers:
            self._numbers[there] = self.target.reserve()
            self._waiting.append(there)
        return b"%d 0 R" % self._numbers[there]

    def _copy_waiting(self) -> None:
        while self._waiting:
            there = self._waiting.pop()
            self._copy(self.source.get_object(there), self._numbers[there])

    def _copy(self, obj: Object, number: int) -> None:
        if isinstance(obj, pikepdf.Stream):
            data = memoryview(obj.get_raw_stream_buffer())
            entries = Dictionary(obj.stream_dict)
            entries["/Length"] = len(data)
            self.target.write_stream(number, self._renumbered(entries.unparse()), data)
        elif isinstance(obj, Dictionary) and obj.get("/Type") in ("/Pages", "/Catalog"):
            self.target.write(number, b"null")  # a way back into the whole source
        else:
            self.target.write(number, self._renumbered(obj.unparse(resolved=True)))


def inherited(page: Object, key: str, from_above: bool = True):
    """An entry of a page, or of the nodes above it; None where there is none."""
    node, depth = page, 0
    while isinstance(node, Dictionary) and depth < _DEEPEST:
        if node.get(key) is not None:
            return node[key]
        node, depth = (node.get("/Parent") if from_above else None), depth + 1
    return None


def streams(page: Object) -> list[Object]:
    """The content streams of a page, in order."""
    contents = page.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def annotations(page: Object) -> list[Object]:
    found = page.get("/Annots")
    return [a for a in found if isinstance(a, Dictionary)] if isinstance(found, pikepdf.Array) else []


def _tame(page: Object) -> None:
    """Links keep working; programs and calls of programs go."""
    for annotation in annotations(page):
        action = annotation.get("/A")
        if isinstance(action, Dictionary) and (action.get("/S") not in _HARMLESS or "/Next" in action):
            del annotation["/A"]
        if "/AA" in annotation:
            del annotation["/AA"]


def _flatten_fields(source: pikepdf.Pdf) -> None:
    """What is filled into a form, and the seal of a signed paper, become part of the page: forms do not go over."""
    form = source.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or not form.get("/Fields"):
        return
    form["/NeedAppearances"] = False
    source.flatten_annotations("all")
