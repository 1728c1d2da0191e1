"""The departments of a standard's file: one spelling each, whatever an item calls them."""

from indicators.contents import DepartmentContent
from indicators.models import Department
from indicators.yaml_lines import Fields, Place


class Departments:
    """`contents` lists them in the file's order; names and aliases lead to the one spelling."""

    def __init__(self):
        self.contents: list[DepartmentContent] = []
        self.spelling: dict[str, str] = {}

    def read(self, places: list[Place]) -> None:
        entries = [
            place.fields(place.named("部门", "name", position), ("name",), ("aliases", "members", "duties"))
            for position, place in enumerate(places, 1)
        ]
        for fields in entries:
            name = fields.text("name", Department._meta.get_field("name").max_length)
            aliases = fields.texts("aliases")
            self.contents.append(DepartmentContent(name, aliases, fields.texts("members"), fields.texts("duties")))
            for key, spelling in (("name", name), *(("aliases", alias) for alias in aliases)):
                if spelling in self.spelling:
                    fields.fault("duplicate", f"部门名称或别称“{spelling}”重复。", key)
                elif spelling:
                    self.spelling[spelling] = name
        groups = {department.name for department in self.contents if department.members}
        for fields, department in zip(entries, self.contents, strict=True):
            self._check_members(fields, department, groups)

    def _check_members(self, fields: Fields, department: DepartmentContent, groups: set[str]) -> None:
        for member in dict.fromkeys(department.members):
            if self.spelling.get(member) != member:
                fields.fault("unknown_department", f"{fields.what}的成员“{member}”没有列在 departments 里。", "members")
            elif member in groups:
                fields.fault(
                    "nested_group", f"{fields.what}的成员“{member}”也是一组单位，请直接列出各单位。", "members"
                )
            if department.members.count(member) > 1:
                fields.fault("duplicate", f"{fields.what}的成员“{member}”重复。", "members")

    def of_item(self, fields: Fields) -> tuple[list[str], list[str]]:
        """An item's lead and cooperating departments in their one spelling."""
        taken: set[str] = set()
        place = fields.get("lead")
        if place is None or place.is_empty():
            fields.fault("no_department", f"{fields.what}没有牵头部门（lead），请写明由谁负责。", "lead")
            lead = []
        else:
            lead = self._resolve(fields, "lead", taken)
        return lead, self._resolve(fields, "cooperating", taken)

    def of_evidence(self, fields: Fields, responsible: list[str]) -> list[str]:
        """Whom a piece of evidence comes from: of those who are responsible for the item, members of a group too."""
        place = fields.get("from")
        if place is not None and place.is_empty():
            fields.fault("blank", f"{fields.what}的“from”是空的；由条目的各责任部门提供的，请删去这一行。", "from")
            return []
        members = {each.name: each.members for each in self.contents}
        allowed = {*responsible, *(member for name in responsible for member in members.get(name, ()))}
        names = self._resolve(fields, "from", set())
        for name in names:
            if name not in allowed:
                sentence = f"{fields.what}的提供部门“{name}”不是本条目的责任部门，请先写进 lead 或 cooperating。"
                fields.fault("not_responsible", sentence, "from")
        return names

    def _resolve(self, fields: Fields, key: str, taken: set[str]) -> list[str]:
        names = []
        for written in fields.texts(key):
            name = self.spelling.get(written)
            if name is None:
                fields.fault("unknown_department", f"{fields.what}的部门“{written}”没有列在 departments 里。", key)
            elif name in taken:
                fields.fault("duplicate", f"{fields.what}的部门“{name}”写了两次。", key)
            else:
                taken.add(name)
                names.append(name)
        return names
