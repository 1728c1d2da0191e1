"""Every write of this room."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, ProtectedError, Value
from django.db.models.functions import Concat

from indicators import hooks
from indicators.contents import DictionaryContent, ElementContent, StandardContent
from indicators.enums import DepartmentRole, InstitutionType, Level, StandardState
from indicators.models import Department, Element, ElementCheck, EvidenceRequirement, Item, Standard
from indicators.parts import responsibilities_of, store_parts
from indicators.queries import content_of, names_of, responsible_for, used_elements
from indicators.sync import sync
from tcm_demo.audit.services import record


class Refused(ValueError):
    """What was asked for cannot be done; the text is a Chinese sentence for the person who asked."""


class StandardInUse(Refused):
    """A published standard that was assessed against never changes in place."""

    def __init__(self, standard: Standard):
        super().__init__(
            f"“{standard}”已用于自评，不能原地修改。请在文件里把 version 由“{standard.version}”改为新的版本号再载入，"
            "原版本和已有的自评保持不变。"
        )


class ElementInUse(Refused):
    """An element that a standard computes from is not removed, and its type does not change."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: codes of elements per kind of change, and whether the standard was created or replaced."""

    standard: Standard
    created: bool
    replaced: bool
    elements: dict[str, list[str]]
    checks_changed: bool

    @property
    def changed_nothing(self) -> bool:
        return not (self.created or self.replaced or self.checks_changed or any(self.elements.values()))


@transaction.atomic
def load(dictionary: DictionaryContent, content: StandardContent, *, by=None) -> Loaded:
    """Store the dictionary and one standard, both already checked, or neither. Raises Refused.

    A draft is replaced in place, a published version only while nothing was assessed against it.
    """
    stored = {element.code: element for element in Element.objects.filter(owner="").select_for_update()}
    elements = _store_elements(dictionary, stored)
    checks_changed = _store_checks(dictionary)
    standard, created, replaced = _store_standard(content, by)
    if any(elements.values()) or checks_changed:
        before = {code: _facts(stored[code]) for code in elements["changed"] + elements["removed"]}
        after = {each.code: asdict(each) for each in dictionary.elements if each.code in elements["changed"]}
        kinds = {**elements, "checks_changed": checks_changed}
        record("load_dictionary", standard, by=by, before={"elements": before}, after={"elements": after, **kinds})
    return Loaded(standard, created, replaced, elements, checks_changed)


def _store_elements(dictionary: DictionaryContent, stored: dict[str, Element]) -> dict[str, list[str]]:
    wanted = [Element(**asdict(element), position=position) for position, element in enumerate(dictionary.elements, 1)]
    used = used_elements()
    _refuse_breaking_changes(stored, {element.code: element for element in wanted}, used)
    kept = [e for e in wanted if e.code in stored]
    changed = [e.code for e in kept if _facts(e) != _facts(stored[e.code])]
    changes = {
        "added": [e.code for e in wanted if e.code not in stored],
        "changed": changed,
        "moved": [e.code for e in kept if e.position != stored[e.code].position and e.code not in changed],
        "removed": sorted(set(stored) - {e.code for e in wanted}),
    }
    # Two elements may have swapped their names, which are unique: out of the way first.
    renamed = [e.code for e in kept if e.name != stored[e.code].name]
    Element.objects.filter(code__in=renamed).update(name=Concat(Value("~"), F("code")))
    sync(Element.objects.filter(owner=""), wanted, key=lambda element: element.code)
    _announce_new_reporters(stored, wanted, used)
    return changes


def _facts(element: Element) -> dict:
    return {name: getattr(element, name) for name in ElementContent.__dataclass_fields__}


def _refuse_breaking_changes(stored: dict[str, Element], wanted: dict[str, Element], used: dict) -> None:
    refusals = []
    for code, standards in used.items():
        old, new = stored.get(code), wanted.get(code)
        if old is None:
            continue
        name = f"数据元“{old.name}”（{code}）已用于“{standards[0]}”"
        if new is None:
            refusals.append(f"{name}，不能从字典里删去。")
        elif new.value_type != old.value_type:
            refusals.append(f"{name}，类型不能由 {old.value_type} 改为 {new.value_type}；请另设新代码。")
        elif set(old.choices) - set(new.choices):
            refusals.append(f"{name}，不能删去已有的选项。")
    if refusals:
        raise ElementInUse("\n".join(refusals))


def _announce_new_reporters(stored: dict[str, Element], wanted: list[Element], used: dict) -> None:
    """Who reports an element decides which institutions count as complete (scoring.md rules 2, 5 and 6)."""
    affected: dict[int, Standard] = {}
    for element in wanted:
        old = stored.get(element.code)
        if old is not None and set(old.reported_by) != set(element.reported_by):
            affected |= {standard.pk: standard for standard in used.get(element.code, [])}
    for standard in affected.values():
        hooks.standard_changed(standard=standard)


def _store_checks(dictionary: DictionaryContent) -> bool:
    wanted = [ElementCheck(**asdict(check), position=position) for position, check in enumerate(dictionary.checks, 1)]
    columns = ("expression", "message", "level", "types", "position")
    shared = ElementCheck.objects.filter(owner="")
    before = list(shared.values_list(*columns))
    sync(shared, wanted, key=lambda check: check.expression)
    return before != list(shared.values_list(*columns))


def _store_standard(content: StandardContent, by) -> tuple[Standard, bool, bool]:
    """(the row, was it created, was it replaced)"""
    if Standard.objects.filter(code=content.code).exclude(owner="").exists():
        raise Refused(f"代码“{content.code}”是县（区）自己的标准，请换一个代码。")
    standard = Standard.objects.select_for_update().filter(code=content.code, version=content.version).first()
    created = standard is None
    if created:
        standard = Standard(code=content.code, version=content.version)
    elif content_of(standard) == content:
        return standard, False, False
    else:
        check_editable(standard)
    before = None if created else {"digest": standard.digest, "state": standard.state}
    store_content(standard, content)
    after = {"digest": standard.digest, "state": standard.state, "items": len(content.items)}
    record("load_standard", standard, by=by, before=before, after=after)
    if not created:
        hooks.standard_changed(standard=standard)
    return standard, created, not created


def store_content(standard: Standard, content: StandardContent) -> None:
    """Make a standard, stored or new, what `content` says, in the caller's transaction. Raises Refused where a part
    that is in use would go."""
    for name in ("title", "state", "source_document", "source_number", "source_date", "deadline"):
        setattr(standard, name, getattr(content, name))
    standard.leading_group = [asdict(each) for each in content.leading_group]
    standard.arrangements = [asdict(each) for each in content.arrangements]
    standard.digest = content.digest()
    standard.save()
    try:
        store_parts(standard, content)
    except ProtectedError as error:
        names = "、".join(sorted(str(row) for row in error.protected_objects))
        raise Refused(f"有条目或佐证要求已经在用（{names}），不能删去或改写。请保留，或改用新的 version。") from error


def check_editable(standard: Standard) -> None:
    """Raises StandardInUse where the standard was published and assessed against; Refused where it is a county's own:
    its office alone changes that, on pages of its own (indicators/drafts.py)."""
    if standard.owner:
        raise Refused(f"“{standard}”是县（区）自己的标准，由它的创建办在“本县标准”里修改。")
    if standard.state == StandardState.PUBLISHED:
        hooks.may_replace(standard=standard)


@transaction.atomic
def change_item(item: Item, *, lead: list[str], cooperating: list[str], by=None) -> None:
    """Save an item's edited title, requirement and points, and its departments by name or alias. Raises Refused.

    Call `finish_editing` once after the last change to a standard.
    """
    check_editable(item.standard)
    departments = _by_spelling(item.standard)
    unknown = [name for name in lead + cooperating if name not in departments]
    if unknown:
        raise Refused(f"条目 {item.number} 的部门“{'、'.join(unknown)}”不在本标准的责任部门里，请先导入部门。")
    chosen = [departments[name].name for name in lead + cooperating]
    if not lead:
        raise Refused(f"条目 {item.number} 没有牵头部门。")
    if item.points is not None and item.points < 0:
        raise Refused(f"条目 {item.number} 的分值不能是负数。")
    if len(set(chosen)) < len(chosen):
        raise Refused(f"条目 {item.number} 的部门写重了，每个部门只能写一次。")
    before = _item_facts(Item.objects.get(pk=item.pk))
    item.save(update_fields=["title", "requirement", "points"])
    rows = responsibilities_of(item, chosen[: len(lead)], chosen[len(lead) :], departments)
    sync(item.responsibilities.all(), rows, key=lambda row: row.department_id)
    _refuse_strangers(item)
    after = _item_facts(Item.objects.get(pk=item.pk))
    if after != before:
        record("change_item", item, by=by, before=before, after=after)


def _by_spelling(standard: Standard) -> dict[str, Department]:
    departments = {}
    for department in standard.departments.all():
        departments |= dict.fromkeys([department.name, *department.aliases], department)
    return departments


def _refuse_strangers(item: Item) -> None:
    """Evidence comes from those who are responsible for its item: nobody else gets to see what is asked of them."""
    responsible = responsible_for(item)
    for requirement in item.evidence_requirements.all():
        for name in requirement.departments:
            if name not in responsible:
                raise Refused(
                    f"佐证要求 {requirement.code} 由“{name}”提供，但它不是条目 {item.number} 的责任部门。"
                    "请先把它列入条目的牵头或配合部门，或改佐证要求的提供部门。"
                )


def _item_facts(item: Item) -> dict:
    return {
        "title": item.title,
        "requirement": item.requirement,
        "points": item.points,
        "lead": names_of(item, DepartmentRole.LEAD),
        "cooperating": names_of(item, DepartmentRole.COOPERATING),
    }


@transaction.atomic
def change_department(department: Department, *, by=None) -> None:
    """Save a new department, or the aliases and members of a stored one. Raises Refused.

    Call `finish_editing` once after the last change to a standard.
    """
    check_editable(department.standard)
    others = list(department.standard.departments.exclude(pk=department.pk))
    _refuse_ambiguous(department, others)
    stored = Department.objects.filter(pk=department.pk).first()
    before = {"aliases": stored.aliases, "members": stored.members} if stored else None
    if not stored:
        department.position = 1 + max((other.position for other in others), default=0)
    department.save()
    for item in department.items.all():
        _refuse_strangers(item)
    after = {"aliases": department.aliases, "members": department.members}
    record("change_department", department, by=by, before=before, after=after)


def _refuse_ambiguous(department: Department, others: list[Department]) -> None:
    taken = {spelling for other in others for spelling in (other.name, *other.aliases)}
    own = [department.name, *department.aliases]
    for spelling in own:
        if spelling in taken or own.count(spelling) > 1:
            raise Refused(f"部门“{department.name}”的名称或别称“{spelling}”重复，请改一个。")
    plain = {other.name for other in others if not other.members}
    for member in department.members:
        if member not in plain or department.members.count(member) > 1:
            raise Refused(f"“{department.name}”的成员“{member}”重复、不在责任部门里，或本身也是一组单位。")


@transaction.atomic
def change_requirement(requirement: EvidenceRequirement, *, by=None) -> None:
    """Save a standard's own requirement with its edited details, departments by name or alias. Raises Refused.

    Code and words stay: other words demand another document, which is the file's to say.
    Call `finish_editing` once after the last change to a standard.
    """
    item, code = requirement.item, requirement.code
    check_editable(item.standard)
    stored = EvidenceRequirement.objects.get(pk=requirement.pk)
    if (requirement.code, requirement.text) != (stored.code, stored.text):
        raise Refused(f"佐证要求 {stored.code} 的文字请在标准文件里改，再用 load_standard 载入。")
    departments = _by_spelling(item.standard)
    unknown = [name for name in requirement.departments if name not in departments]
    if unknown:
        raise Refused(f"佐证要求 {code} 的提供部门“{'、'.join(unknown)}”不在本标准的责任部门里。")
    requirement.departments = [departments[name].name for name in requirement.departments]
    for values in (requirement.departments, requirement.institution_types):
        if len(set(values)) < len(values):
            raise Refused(f"佐证要求 {code} 的部门或机构类型写重了，每个只能写一次。")
    requirement.save()
    _refuse_strangers(item)
    hard = item.criteria.filter(level=Level.HARD).exists()
    if not hard and not item.evidence_requirements.filter(required=True).exists():
        raise Refused(f"条目 {item.number} 没有必达指标，至少要有一项必备的佐证材料，否则无法判定。")
    before, after = _details(stored), _details(requirement)
    if after != before:
        record("change_requirement", requirement, by=by, before=before, after=after)


def _details(requirement: EvidenceRequirement) -> dict:
    facts = {name: getattr(requirement, name) for name in ("required", "departments", "year", "needed", "seen_as")}
    return facts | {"institution_types": [InstitutionType(each).label for each in requirement.institution_types]}


@transaction.atomic
def finish_editing(standard: Standard) -> None:
    """After edits: bring the digest up to date and let the rooms above follow."""
    standard.digest = content_of(standard).digest()
    standard.save(update_fields=["digest", "loaded_at"])
    hooks.standard_changed(standard=standard)
