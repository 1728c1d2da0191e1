"""Reads one workbook in a process of its own, so that no file can take the server's memory or time with it.

Runs alone (standard library and python_calamine, no Django): the file's bytes come on stdin; on stdout goes, in
marshal's format, {"sheets": [{"name", "hidden", "rows", "merges"}]} or {"error": code, "detail": text}. A cell is a
float, a text ("" where empty), a bool, or a tuple of kind and content for what is none of these:
("error", "#N/A"), ("formula", "") for a formula saved without a result, ("percent", 0.18), ("date", "2023-01-05"),
("time", text).
"""

import io
import marshal
import resource
import struct
import sys
import zipfile
import zlib

MAX_MEMORY = 1024 * 1024 * 1024
MAX_SECONDS = 60
MAX_UNPACKED = 120 * 1024 * 1024
MAX_ENTRIES = 5000
MAX_COLUMNS = 2000
MAX_ROWS = 200_000
MAX_CELLS = 2_000_000
MAX_SHEETS = 100


class Refused(Exception):
    """Why the file is not read: a code that the parent turns into a sentence, and a detail for it."""

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.answer = {"error": code, "detail": detail}


def check_unpacked_size(data):
    """Refuse a zip that unpacks to more than MAX_UNPACKED: by its directory, then by really unpacking it.

    The directory can lie, so every entry is inflated in small pieces and counted, whatever size it states.
    """
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError) as error:
        raise Refused("damaged") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refused("too_large_unpacked")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    total = 0
    for entry in entries:
        total += _unpacked_size(data, entry, MAX_UNPACKED - total)
        if total > MAX_UNPACKED:
            raise Refused("too_large_unpacked")
    return {entry.filename for entry in entries}


def _unpacked_size(data, entry, limit):
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Refused("damaged")
    start = entry.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("damaged")
    inflater, size, position = zlib.decompressobj(-15), 0, 0
    try:
        while size <= limit and not inflater.eof and (position < len(packed) or inflater.unconsumed_tail):
            piece = inflater.unconsumed_tail
            if not piece:
                piece, position = packed[position : position + 65536], position + 65536
            size += len(inflater.decompress(piece, 1 << 20))
    except zlib.error as error:
        raise Refused("damaged") from error
    return size


def kind_of_zip(data, names):
    """xlsx or ods, by what the archive holds; anything else is refused by what it looks like."""
    if any(name.startswith("xl/workbook.xml") for name in names) or "xl/worksheets/sheet1.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        archive = zipfile.ZipFile(io.BytesIO(data))
        if not archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            raise Refused("not_a_workbook")
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise Refused("encrypted")
        return "ods"
    if "xl/workbook.bin" in names:
        raise Refused("xlsb")
    raise Refused("not_a_workbook")


def read(data, import_calamine):
    """All sheets of the workbook, as the head of this file says. (main() has set the path up for what is imported.)"""
    import odd_cells

    kind = kind_of_zip(data, check_unpacked_size(data)) if data.startswith(b"PK") else "xls"
    if kind == "xls" and odd_cells.is_encrypted_xls(data):
        raise Refused("encrypted")
    if kind == "xlsx":
        for name, (row, column) in odd_cells.far_cells_of_xlsx(data, MAX_ROWS, MAX_COLUMNS):
            raise Refused("too_far", f"{name}!{_cell_name(row, column)}")
    calamine = import_calamine()
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    cells_left, sheets = MAX_CELLS, []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.end is None:
            continue
        if len(sheets) == MAX_SHEETS:
            raise Refused("too_many_sheets", str(MAX_SHEETS))
        height, width = sheet.end[0] + 1, sheet.end[1] + 1
        cells_left -= height * width
        if height > MAX_ROWS or width > MAX_COLUMNS or cells_left < 0:
            raise Refused("too_far", f"{meta.name}!{_cell_name(*sheet.end)}")
        rows = sheet.to_python(skip_empty_area=False)
        _put_dates_as_text(rows)
        sheets.append(
            {
                "name": meta.name,
                "hidden": meta.visible != calamine.SheetVisibleEnum.Visible,
                "rows": rows,
                "merges": sheet.merged_cell_ranges or [],
            }
        )
    _put_odd_cells(kind, data, sheets)
    return {"sheets": sheets}


def _put_dates_as_text(rows):
    plain = {float, str, bool}
    for row in rows:
        if not plain.issuperset(map(type, row)):
            for index, value in enumerate(row):
                if type(value) is int:
                    row[index] = float(value)
                elif type(value) not in plain:
                    day = hasattr(value, "year")
                    row[index] = ("date", value.isoformat()[:10]) if day else ("time", str(value))


def _put_odd_cells(kind, data, sheets):
    """Mark what calamine gives as empty (errors, formulas without a result) or without its format (percentages)."""
    import odd_cells

    finder = {"xlsx": odd_cells.of_xlsx, "xls": odd_cells.of_xls, "ods": odd_cells.of_ods}[kind]
    found = finder(data)
    for sheet in sheets:
        rows = sheet["rows"]
        for row, column, mark in found.get(sheet["name"], ()):
            if row < len(rows) and column < len(rows[row]):
                value = rows[row][column]
                if mark[0] != "percent":
                    rows[row][column] = mark
                elif type(value) is float:
                    rows[row][column] = ("percent", value)


def _cell_name(row, column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def main():
    """argv: the directory of python_calamine, the directory of this file."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.extend(sys.argv[1:])

    def import_calamine():
        import python_calamine

        return python_calamine

    try:
        answer = read(sys.stdin.buffer.read(), import_calamine)
    except Refused as refused:
        answer = refused.answer
    except MemoryError:
        answer = {"error": "too_large_unpacked", "detail": ""}
    except BaseException as error:  # calamine's own errors, and panics of its Rust code, which are no Exception
        answer = {"error": "damaged", "detail": f"{type(error).__name__}: {error}"[:200]}
    sys.stdout.buffer.write(marshal.dumps(answer))


if __name__ == "__main__":
    main()
