"""An import as the command prints it and other programs read it. Pure."""

from dataclasses import asdict

from institutions.ledger.plan import ImportPlan
from institutions.ledger.tables import cell_name

_LISTED_CHANGES = 1000


def plan_as_json(plan: ImportPlan, *, file: str, written: bool) -> dict:
    """Problems, notices, differences, and which headings were matched. Lists of changes end after 1,000 entries."""
    overwritten = list(plan.overwritten_cells()) if not plan.problems else []
    return {
        "file": file,
        "county": plan.county.code,
        "period": plan.period.text,
        "written": written,
        "problems": [asdict(problem) for problem in plan.problems],
        "more_problems": plan.more_problems,
        "notices": [asdict(notice) for notice in plan.notices],
        "differences": plan.counts()
        | {
            "institutions": [
                {"kind": change.kind, "code": change.entry.code, "name": change.entry.name}
                for change in plan.institutions[:_LISTED_CHANGES]
            ],
            "overwritten": [
                {
                    "institution": change.entry.code,
                    "element": change.element.code,
                    "old": change.old,
                    "new": change.new,
                    "sheet": change.place.sheet.name,
                    "cell": cell_name(change.place.row, change.place.column),
                }
                for change in overwritten[:_LISTED_CHANGES]
            ],
        },
        "sheets": [_sheet(reading) for reading in plan.recognition.sheets],
        "columns": {
            "matched": [
                _heading(sheet, h) | {"element": h.element} for sheet, h in plan.recognition.headings() if h.element
            ],
            "unmatched": [
                _heading(sheet, h) | {"samples": h.samples, "guesses": h.guesses}
                for sheet, h in plan.recognition.unmatched()
            ],
        },
    }


def _sheet(reading) -> dict:
    kinds = ["registry" if table.is_registry else "figures" for table in reading.tables]
    kinds += ["list" for _ in reading.lists]
    rows = [f"{table.header_first + 1}-{table.header_last + 1}" for table in reading.tables]
    rows += [f"{one.header_first + 1}" for one in reading.lists]
    return {"name": reading.sheet.name, "tables": kinds, "header_rows": rows, "reason": reading.reason}


def _heading(sheet, heading) -> dict:
    return {"sheet": sheet.name, "cell": cell_name(heading.row, heading.column), "heading": heading.text}
