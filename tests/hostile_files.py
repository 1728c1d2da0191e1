"""Files as people hand them in, and as nobody should: made in memory, with the least that each kind needs."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from openpyxl import Workbook
from openpyxl.drawing.image import Image as SheetPicture
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN_TYPES = {
    "docx": f"{OFFICE}.wordprocessingml.document.main+xml",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet.main+xml",
    "pptx": f"{OFFICE}.presentationml.presentation.main+xml",
}
MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
WORD_XML = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


# ---- PDF -------------------------------------------------------------------------------------------------------------


def pdf(*texts: str, size: tuple[float, float] = (595, 842), password: str = "") -> bytes:
    """One page for each text, drawn as text."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=size)
    for text in texts or ("佐证",):
        canvas.drawString(40, size[1] / 2, text)
        canvas.showPage()
    canvas.save()
    return _saved(pikepdf.open(out), password) if password else out.getvalue()


def pdf_with(act) -> bytes:
    """A PDF to which `act(pdf)` did something."""
    document = pikepdf.open(BytesIO(pdf("page")))
    act(document)
    return _saved(document)


def runs_javascript(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def launches(document: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="calc.exe"))
    document.pages[0].obj.Annots = Array([link])


def carries_a_file(document: pikepdf.Pdf) -> None:
    document.attachments["x.exe"] = b"MZ"


def pdf_of_forms_within_forms() -> bytes:
    """3 KB that ask for 20 to the 12th small rectangles."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    form = _form(document, b"0 0 10 10 re f", Dictionary())
    for _ in range(12):
        form = _form(document, b"/A Do " * 20, Dictionary(XObject=Dictionary(A=form)))
    page.obj.Resources = Dictionary(XObject=Dictionary(A=form))
    page.obj.Contents = document.make_stream(b"/A Do")
    return _saved(document)


def _form(document: pikepdf.Pdf, content: bytes, resources: Dictionary) -> pikepdf.Stream:
    form = document.make_stream(content)
    form.Type, form.Subtype, form.BBox, form.Resources = Name.XObject, Name.Form, Array([0, 0, 600, 900]), resources
    return form


def pdf_of_blanks(size: int) -> bytes:
    """Whose pages lie in a compressed stream that unpacks to `size` bytes."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"5 0 ") + b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20))
    packed += packer.flush()
    out, places = [b"%PDF-1.5\n"], {}

    def put(number: int, body: bytes) -> None:
        places[number] = sum(map(len, out))
        out.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    put(1, b"<</Type/Catalog/Pages 5 0 R>>")
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(packed)
    put(4, head + b"\nstream\n" + packed + b"\nendstream")
    start = sum(map(len, out))
    rows = [(0, 0, 65535), (1, places[1], 0), (0, 0, 0), (1, start, 0), (1, places[4], 0), (2, 4, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    head = b"<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    put(3, head + b"\nstream\n" + table + b"\nendstream")
    return b"".join(out) + b"startxref\n%d\n%%%%EOF\n" % start


def _saved(document: pikepdf.Pdf, password: str = "") -> bytes:
    out = BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user=password, owner=password) if password else False)
    return out.getvalue()


# ---- pictures --------------------------------------------------------------------------------------------------------


def picture(form: str = "JPEG", size: tuple[int, int] = (120, 80), mode: str = "RGB", **options) -> bytes:
    """Left half red, right half blue (or dark and light)."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = BytesIO()
    image.convert(mode).save(out, form, **options)
    return out.getvalue()


def photo(orientation: int, form: str = "JPEG") -> bytes:
    """With what a phone notes: how it was held, and where."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    return picture(form, exif=exif)


def huge_png(width: int, height: int) -> bytes:
    """States so many pixels, and holds none."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


# ---- ZIP -------------------------------------------------------------------------------------------------------------


def archive(parts: dict[str, bytes | str], comment: bytes = b"") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
        file.comment = comment
    return out.getvalue()


def office(extension: str, more: dict[str, bytes | str] | None = None, main_type: str = "") -> bytes:
    """A .docx, .xlsx or .pptx with its main part, and `more` parts."""
    override = f'<Override PartName="/{MAIN_PARTS[extension]}" ContentType="{main_type or MAIN_TYPES[extension]}"/>'
    types = f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{override}</Types>'
    return archive({"[Content_Types].xml": types, MAIN_PARTS[extension]: "<main/>", **(more or {})})


def stored_first(content: bytes) -> bytes:
    """A .docx that begins with `content` as it is, behind 38 bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("customXml", content)
        for name in ("[Content_Types].xml", MAIN_PARTS["docx"]):
            file.writestr(name, zipfile.ZipFile(BytesIO(office("docx"))).read(name))
    return out.getvalue()


def word(body: str) -> bytes:
    """A .docx with this XML of paragraphs, enough for LibreOffice to open."""
    office_rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    rels = f'<Relationship Id="r1" Type="{office_rel}" Target="word/document.xml"/>'
    return office(
        "docx",
        {
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">{rels}</Relationships>',
            "word/document.xml": WORD_XML.format(body),
        },
    )


def zip_bomb(size: int, stated: int | None = None) -> bytes:
    """A .docx that unpacks to `size` bytes, and states another size where `stated` is given."""
    packed = office("docx", {"word/media/image1.bmp": bytes(size)})
    return packed if stated is None else packed.replace(struct.pack("<I", size), struct.pack("<I", stated))


def workbook_that_shows(address: str) -> bytes:
    """An .xlsx whose one picture lies elsewhere."""
    book, whole, out = Workbook(), BytesIO(), BytesIO()
    book.active.add_image(SheetPicture(BytesIO(picture("PNG"))), "B2")
    book.save(whole)
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(out, "w") as file:
        for name in parts.namelist():
            content = parts.read(name).replace(b"r:embed=", b"r:link=")
            outside = f'Target="{address}" TargetMode="External"'.encode()
            file.writestr(name, content.replace(b'Target="/xl/media/image1.png"', outside))
    return out.getvalue()


# ---- OLE -------------------------------------------------------------------------------------------------------------

_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def ole(streams: dict[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A compound file (MS-CFB) with these streams, each padded to where no small-stream table is needed."""
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    entries = [_entry("Root Entry", 5, child=1)]
    sectors = -(-(len(padded) + len(storages) + 1) // 4)
    table = [_FAT_SECTOR, *range(2, sectors + 1), _END]
    content = b""
    names = [*padded, *storages]
    for number, name in enumerate(names, 1):
        following = number + 1 if number < len(names) else _FREE
        data = padded.get(name)
        if data is None:
            entries.append(_entry(name, 1, right=following))
            continue
        first, count = len(table), -(-len(data) // SECTOR)
        entries.append(_entry(name, 2, right=following, start=first, size=len(data)))
        table += [*range(first + 1, first + count), _END]
        content += data.ljust(count * SECTOR, b"\0")
    assert len(table) <= SECTOR // 4, "one sector of table is enough for tests"
    table += [_FREE] * (SECTOR // 4 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    directory = b"".join(entries).ljust(sectors * SECTOR, b"\0")
    return head + struct.pack("<I", _FREE) * 108 + struct.pack(f"<{SECTOR // 4}I", *table) + directory + content


def _entry(name: str, kind: int, right: int = _FREE, child: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    label = (name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", kind, 1, _FREE, right, child)
    return label.ljust(64, b"\0") + struct.pack("<H", len(label)) + links + bytes(36) + struct.pack("<IQ", start, size)


def record(number: int, body: bytes = b"") -> bytes:
    """One record of an .xls."""
    return struct.pack("<HH", number, len(body)) + body
