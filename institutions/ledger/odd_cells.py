"""Finds what calamine does not tell: error values, formulas saved without a result, percentages.

calamine gives an error value as an empty cell, and 18% as 0.18. Each function takes a file's bytes (already checked for
size) and returns {sheet name: [(row, column, mark)]}, counted from 0; a mark is ("error", "#N/A"), ("formula", "") or
("percent", ""). Standard library only: the reading process imports it.
"""

import io
import re
import struct
import zipfile
from xml.etree import ElementTree

# Cells of a sheet's XML. A cell without its address (r) is one that no spreadsheet program writes.
_XLSX_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="e"[^>]*>(?:\s*<(?:\w+:)?f\b.*?)?\s*<(?:\w+:)?v>([^<]*)<', re.S)
_XLSX_NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\b[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_XLSX_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*?\bref="(?:[A-Z]{1,3}\d{1,7}:)?([A-Z]{1,3})(\d{1,7})"')
# cells that hold something; those that only have a format end at once (/>), and calamine passes them over
_XLSX_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>(?!</)')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BIFF_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ODS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"


def of_xlsx(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    percent = _xlsx_percent_styles(archive)
    found = {}
    for name, path in _xlsx_sheets(archive):
        xml = archive.read(path)
        marks = []
        if b't="e"' in xml:
            marks += [(_place(m[0]), ("error", m[1].decode("utf-8", "replace"))) for m in _XLSX_ERROR.finditer(xml)]
        if re.search(rb"<(?:\w+:)?f\b", xml):
            # a text result that is empty is a result: IF(x="","",x)
            unsaved = [m[0] for m in _XLSX_NO_RESULT.finditer(xml) if b't="str"' not in m[0].split(b">", 1)[0]]
            marks += [(_place(cell), ("formula", "")) for cell in unsaved]
        if percent:
            styled = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bs="(?:%s)"[^>]*>' % b"|".join(percent))
            marks += [(_place(m[0]), ("percent", "")) for m in styled.finditer(xml)]
        if marks:
            found[name] = [(*place, mark) for place, mark in marks if place]
    return found


def far_cells_of_xlsx(data, max_rows, max_columns):
    """(sheet, (row, column)) of each sheet whose content reaches beyond these: its lowest cell, or its rightmost.

    calamine makes a full rectangle of what it finds, and one forgotten cell at the end of a sheet takes all memory. The
    sheet's own statement (dimension) is asked first, since it is cheap; where it is absent or says so, the cells are.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name, path in _xlsx_sheets(archive):
        with archive.open(path) as start:
            stated = _XLSX_DIMENSION.search(start.read(16384))
        if stated and int(stated[2]) <= max_rows and _column(stated[1]) < max_columns:
            continue
        lowest, rightmost = (0, 0), (0, 0)
        for match in _XLSX_FILLED.finditer(archive.read(path)):
            row, column = int(match[2]) - 1, _column(match[1])
            if row > lowest[0]:
                lowest = (row, column)
            if column > rightmost[1]:
                rightmost = (row, column)
        if lowest[0] >= max_rows:
            yield name, lowest
        elif rightmost[1] >= max_columns:
            yield name, rightmost


def _place(cell):
    address = _ADDRESS.search(cell)
    if not address:
        return None
    return int(address[2]) - 1, _column(address[1])


def _column(letters):
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _xlsx_sheets(archive):
    """(name, path in the archive) of each sheet."""
    names = set(archive.namelist())
    relations = {
        relation.get("Id"): relation.get("Target", "")
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        target = relations.get(sheet.get(_RELATION), "") if sheet.tag.endswith("}sheet") else ""
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if target and path in names:
            yield sheet.get("name"), path


def _xlsx_percent_styles(archive):
    """The numbers of the cell styles that show percentages, as bytes."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    own = {f.get("numFmtId") for f in root.iter() if f.tag.endswith("}numFmt") and "%" in f.get("formatCode", "")}
    styles = next((child for child in root if child.tag.endswith("}cellXfs")), ())
    return [str(i).encode() for i, style in enumerate(styles) if style.get("numFmtId") in own | {"9", "10"}]


def of_ods(data):
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    if b'value-type="error"' not in content and b'value-type="percentage"' not in content:
        return {}
    table_tag, office_tag = _ODS % "table", _ODS % "office"
    found, name, row, column = {}, "", 0, 0
    for event, node in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        if event == "start":
            if node.tag == f"{table_tag}table":
                name, row = node.get(f"{table_tag}name"), 0
            elif node.tag == f"{table_tag}table-row":
                column = 0
        elif node.tag in (f"{table_tag}table-cell", f"{table_tag}covered-table-cell"):
            mark = _ods_mark(node, office_tag)
            if mark:
                found.setdefault(name, []).append((row, column, mark))
            column += int(node.get(f"{table_tag}number-columns-repeated", "1"))
        elif node.tag == f"{table_tag}table-row":
            row += int(node.get(f"{table_tag}number-rows-repeated", "1"))
            node.clear()
    return found


def _ods_mark(node, office_tag):
    if node.get(f"{office_tag}value-type") == "percentage":
        return ("percent", "")
    if any(key.endswith("}value-type") and value == "error" for key, value in node.attrib.items()):
        return ("error", "".join(node.itertext()).strip() or "#N/A")
    return None


def is_encrypted_xls(data):
    """Whether the workbook says so itself (FILEPASS)."""
    return any(kind == 0x2F for kind, _ in _records(_workbook_stream(data), 0))


def of_xls(data):
    stream = _workbook_stream(data)
    sheets, formats, styles = [], set(), []
    for kind, body in _records(stream, 0):
        if kind == 0x85:  # BOUNDSHEET
            sheets.append((struct.unpack("<I", body[:4])[0], _short_text(body[6:])))
        elif kind == 0x41E and b"%" in body[2:]:  # FORMAT
            formats.add(struct.unpack("<H", body[:2])[0])
        elif kind == 0xE0:  # XF
            styles.append(struct.unpack("<H", body[2:4])[0])
    percent = {i for i, number in enumerate(styles) if number in formats | {9, 10}}
    return {name: list(_xls_marks(_records(stream, start), percent)) for start, name in sheets}


def _xls_marks(records, percent):
    for kind, body in records:
        if kind not in (0x205, 0x06, 0x203, 0x27E, 0xBD):
            continue
        row, column, style = struct.unpack("<HHH", body[:6])
        if kind == 0x205 and body[7]:  # BOOLERR
            yield row, column, ("error", _BIFF_ERRORS.get(body[6], "#N/A"))
        elif kind == 0x06 and body[12:14] == b"\xff\xff" and body[6] == 2:  # FORMULA with an error as its result
            yield row, column, ("error", _BIFF_ERRORS.get(body[8], "#N/A"))
        elif kind == 0xBD:  # MULRK: style and number of several columns
            for i in range((len(body) - 6) // 6):
                if struct.unpack("<H", body[4 + 6 * i : 6 + 6 * i])[0] in percent:
                    yield row, column + i, ("percent", "")
        elif kind != 0x205 and style in percent:
            yield row, column, ("percent", "")


def _records(stream, position):
    """(kind, body) of the records of one substream, up to its end; charts nested in a sheet are passed over."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack("<HH", stream[position : position + 4])
        depth += {0x809: 1, 0x0A: -1}.get(kind, 0)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _short_text(body):
    wide = body[1] & 1
    return body[2 : 2 + body[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _workbook_stream(data):
    """The Workbook stream of an OLE file (MS-CFB), put together from its sectors."""
    size = 1 << struct.unpack("<H", data[30:32])[0]
    table_count, first_directory = struct.unpack("<I", data[44:48])[0], struct.unpack("<I", data[48:52])[0]
    first_more, more_count = struct.unpack("<II", data[68:76])

    def sector(number):
        return data[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack("<109I", data[76:512]))
    while more_count and first_more < 0xFFFFFFFC:
        block = struct.unpack(f"<{size // 4}I", sector(first_more))
        tables, first_more, more_count = tables + list(block[:-1]), block[-1], more_count - 1
    follow = []
    for number in tables[:table_count]:
        follow += struct.unpack(f"<{size // 4}I", sector(number))

    def chain(number):
        parts = []
        while number < len(follow) and len(parts) <= len(follow):
            parts.append(sector(number))
            number = follow[number]
        return b"".join(parts)

    directory = chain(first_directory)
    for offset in range(0, len(directory), 128):
        entry = directory[offset : offset + 128]
        name = entry[: max(struct.unpack("<H", entry[64:66])[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, length = struct.unpack("<I", entry[116:120])[0], struct.unpack("<I", entry[120:124])[0]
            return chain(start)[:length]
    return b""
