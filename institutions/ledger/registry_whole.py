"""What a ledger's registry must keep as a whole, once all its rows are known: managers, namesakes, who is missing.

`reader` is a registry.RegistryReader that has read all rows.
"""

from indicators.enums import InstitutionType
from institutions.ledger.roster import Entry, Roster
from institutions.ledger.tables import Table

_NAMES_SHOWN = 5


def settle_managers(reader) -> None:
    """Find the managers that rows name, by code or by name; nobody is under himself."""
    roster = reader.roster
    for entry, text, row in reader.managers:
        found = roster.find(text)
        if not found:
            row.problem("unknown_manager", "manager", hint=roster.hint(text))
        elif len(found) > 1:
            row.problem("ambiguous_manager", "manager", count=len(found))
        else:
            entry.manager = found[0].code
    for entry, _, row in reader.managers:
        if chain := _cycle(roster, entry):
            row.problem("manager_cycle", "manager", chain=chain)


def _cycle(roster: Roster, entry: Entry) -> str:
    names, seen, at = [entry.name], {entry.code}, entry
    while at.manager and (at := roster.by_code.get(at.manager)):
        names.append(at.name)
        if at.code == entry.code:
            return " → ".join(names)
        if at.code in seen:
            return ""
        seen.add(at.code)
    return ""


def check_county(reader) -> None:
    """Only one institution is the county's own."""
    own = reader.roster.of_type(InstitutionType.COUNTY)
    if len(own) > 1:
        last = own[-1]
        row = reader.rows.get(last.code)
        sheet, number = (row.table.sheet.name, row.number) if row else ("", None)
        reader.findings.problem("second_county", sheet, number, 0, last.name, other=own[0].name)


def check_namesakes(reader) -> None:
    """One institution under two codes would count twice: the same name and type, and the same town.

    Two that are stored so already are two. Where the registry lists both, or a town is not known, it is only said.
    """
    last_day = reader.period.last_day
    alike: dict[tuple, list[Entry]] = {}
    for entry in reader.roster.by_code.values():
        if entry.type and entry.is_active_on(last_day):
            alike.setdefault(entry.identity[:2], []).append(entry)
    for entries in alike.values():
        if len(entries) > 1:
            known = [entry for entry in entries if entry.was_so_on(last_day)]
            for entry in entries:
                if entry not in known:
                    _compare(reader, entry, known)
                    known.append(entry)


def _compare(reader, entry: Entry, others: list[Entry]) -> None:
    row, town = reader.rows[entry.code], entry.identity[2]
    same = next((other for other in others if town and other.identity[2] == town), None)
    if same and same.code not in reader.rows:
        row.problem("registry_code_changed", "code", other=same.code)
        return
    unclear = same or next((other for other in others if not town or not other.town), None)
    if unclear:
        about_town = "、所在镇（街道）都相同" if same else "相同，又没有写明所在镇（街道）"
        text = (
            f"“{entry.name}”（{entry.code}）与 {unclear.code} 名称、类型{about_town}，现按两家算。"
            f"若是同一家改了编码，请沿用 {unclear.code}，或在机构名录里把 {unclear.code} 写为停用。"
        )
        place = (row.table.sheet.name, row.number, row.columns.get("code", 0))
        reader.findings.notice("same_name", text, *place, per=(entry.code,))


def look_for_omitted(reader, tables: list[Table]) -> None:
    """Those in use that the registry does not list stay so; that is said. A sheet of figures need not list all."""
    registry = next((table for table in tables if not table.figures), None)
    omitted = [
        entry
        for entry in reader.roster.by_code.values()
        if entry.code not in reader.rows
        and entry.type != InstitutionType.COUNTY
        and entry.is_active_on(reader.period.last_day)
    ]
    if registry and omitted:
        names = "、".join(f"{entry.name}（{entry.code}）" for entry in omitted[:_NAMES_SHOWN])
        more = "等" if len(omitted) > _NAMES_SHOWN else ""
        text = (
            f"系统中在用的 {len(omitted)} 家机构没有列在机构名录里：{names}{more}。它们仍算在用；"
            "已停用的，请列入名录并把“是否在用”填为“否”。"
        )
        reader.findings.notice("omitted_in_registry", text, registry.sheet.name)
