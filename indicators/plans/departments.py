"""Who is responsible for an item, in whatever form the plan says it; and one spelling for each department."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.plans.lines import folded
from indicators.plans.marks import ROLE
from indicators.plans.proposal import HIGH, MEDIUM, Named, PlanItem

_ENDS = ("。", ";", "!", "")
_OF_PLACE = "省市州县区旗镇乡各"
_WITHIN = "股科处室"  # parts of an office
LONGEST_NAME = 40
LONGEST_BRACKET = 400
_WHO = rf"(?:{ROLE}|牵头|配合|责任|主办|协办)"
_ROLE_LABEL = re.compile(rf"({_WHO})\s*:")
# fields that stand beside those of departments, and end them
_LABEL = re.compile(
    rf"({_WHO}|责任人|[\u4e00-\u9fff]{{0,2}}(?:领导|负责人|责任人|联系人|联络员)"
    r"|(?:完成|办结|工作)?(?:时限|时间|期限|日期)(?:要求)?|时间节点|联系电话|备注|说明)\s*:"
)
_LINE = re.compile(rf"[\[【(]?\s*{_WHO}\s*[\]】)]?\s*:")
_SENTENCE = re.compile(rf"(?<=[。;,])\s*({_WHO}\s*:[^。\n]{{2,200}})")
_SHARES = r"(?:共同|分别|分工|按(?:照)?(?:各自)?职责(?:分工)?)?"
_VERB = re.compile(
    rf"(?P<names>[^,;。]+?)(?:等(?:有关)?(?:部门|单位)?)?{_SHARES}"
    r"(?P<verb>牵头(?:负责|落实|实施|组织|推进)?|主办|承办|承担|(?:具体)?负责(?:落实|实施)?|(?:具体|抓好)?落实|(?:组织|具体)实施|配合|参与|参加|协助|协办|协同|指导|支持|保障|监督)(?:[,;。]|$)"
)
_WITH = re.compile(r"[,、]?\s*(?:会同|联合)(?=[\u4e00-\u9fff])")
_WITH_WHOM = re.compile(
    rf"会同(?P<names>[^,;。]+?)(?:等(?:有关)?(?:部门|单位)?)?{_SHARES}(?:落实|负责|实施|组织实施|推进|完成)?$"
)
# the sentence that says it in words: 以上任务由甲负责，乙配合。
_SAID = re.compile(r"[^。;\n]{4,160}")
_ABOVE = re.compile(r"\s*(?:以上|上述)[^,。;由]{0,12}")
_CLAUSE = re.compile(r"[^,]{1,80}?(?:(?:牵头|负责)(?=、)|(?=,|$))")
_THEN_BY = re.compile(r",\s*(?=由)")
_WHEN = re.compile(
    r"[^,;。]{0,12}(?:\d{1,2}月|年|季度)[^,;。]{0,4}(?:底|末|初)?前?(?:完成|办结|见效)?|长期(?:坚持|推进)|持续(?:推进|实施)"
)
_INLINE = re.compile(r"(?:^|[。;\n])\s*由(?P<names>[^,。;由]{3,80}?)(?P<verb>牵头|负责)")
_COOPERATES = re.compile(r"配合|协同|协办|协助|参与|参加|指导|支持|保障|监督")
_LEADS = re.compile(r"牵头|主办|主责|主要|承办|组织")
_OFFICE = re.compile(
    r"(?:局|委|委员会|办|办公室|部|院|中心|政府|政府办|处|会|联|社|队|站|所|单位|部门|街道|街道办|镇|乡|公司|集团|大队|总队|专班|机构|学校|医院|小组|组|银行|馆|科|室|股|村|社区|法庭|县\(市、区\)|[县市区旗])(?:\([^()]*\))?$"
)
_NOBODY = re.compile(r"其他|其它|(?:各?有关|各?相关)(?:部门|单位)$")
_TAIL = re.compile(r"(?:等|等有关部门|等相关部门|等部门|等单位|等有关单位|等相关单位|等成员单位)$")
# 县卫健局（牵头）、县财政局: the first leads anyway
_IN_BRACKETS = re.compile(r"[(（](?:牵头|主办|主责|负责|配合|协办)(?:单位|部门)?[)）]$")
_FIRST_LEADS = re.compile(r"[^,;]{0,4}(?:首位|第一)[^,;]{0,8}(?:牵头|主办|主责)[^,;]{0,4}")
_DO = re.compile(rf"(?:等(?:部门|单位)?)?{_SHARES}(?:负责|落实|负责落实|组织实施)$")
_SHORT = [
    ("人力资源和社会保障", "人社"),
    ("人力资源社会保障", "人社"),
    ("卫生健康和体育", "卫体"),
    ("卫生健康", "卫健"),
    ("卫生和健康", "卫健"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("教育和体育", "教体"),
    ("教育体育", "教体"),
    ("教育和科技", "教科"),
    ("市场监督管理", "市场监管"),
    ("文化广电和旅游", "文广旅"),
    ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("医疗保障", "医保"),
    ("科学技术", "科技"),
    ("工业和信息化", "工信"),
    ("住房和城乡建设", "住建"),
    ("交通运输", "交通"),
    ("农业和农村", "农业农村"),
    ("机构编制委员会办公室", "编办"),
    ("人民政府", "政府"),
    ("委员会", "委"),
    ("办公室", "办"),
]


@dataclass(frozen=True)
class Roles:
    """Names as they are printed."""

    lead: tuple[Named, ...] = ()
    cooperating: tuple[Named, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lead or self.cooperating)


def roles_of(text: str) -> Roles:
    """Whom an item's whole text makes responsible; empty where it says nothing of it."""
    plain = folded(text)
    lead: list[Named] = []
    cooperating: list[Named] = []
    for start, end in _places(plain):
        _read(plain[start:end], text[start:end].strip(), lead, cooperating)
    if not lead and not cooperating:
        for match in _INLINE.finditer(plain):
            names = names_in(match["names"])
            if names and all(is_office(name) for name in names):
                lead += [Named(name, text[match.start() : match.end()].strip("。；; \n"), MEDIUM) for name in names]
    return Roles(_once(lead, set()), _once(cooperating, {named.name for named in lead}))


def without_roles(text: str) -> str:
    """The text, of the same length, with what says who is responsible blotted out."""
    for start, end in _places(folded(text)):
        text = text[:start] + "·" * (end - start) + text[end:]
    return text


def names_in(listed: str) -> list[str]:
    """区卫健局、各镇（街道）和区财政局等 -> its departments, each by itself."""
    names: list[str] = []
    for part in _split(listed):
        part = _TAIL.sub("", _DO.sub("", part.strip(" 。.,;:"))).strip()
        part = _IN_BRACKETS.sub("", re.sub(r"^(?:和|及|与|以及|由|会同)", "", part))
        halves = re.split(r"(?<=[局委办部院处府会心联])(?:和|与|及|以及)(?=[\u4e00-\u9fff])", part)
        names += [half for half in halves if 1 < len(half) <= LONGEST_NAME and not _NOBODY.match(half)]
    return [_in_chinese(name) for name in names]


def is_office(name: str) -> bool:
    return len(name) <= 24 and bool(_OFFICE.search(folded(name)))


def key_of(name: str) -> str:
    """Equal for the spellings of one department: 区卫生健康局 and 区卫健局."""
    key = re.sub(r"\s", "", folded(name))
    for full, short in _SHORT:
        key = key.replace(full, short)
    return key


def one_spelling(names: Iterable[str]) -> dict[str, str]:
    """Printed name -> the fullest spelling of the same department; a name without its place joins the one with it."""
    fullest: dict[str, str] = {}
    for name in dict.fromkeys(names):
        key = key_of(name)
        if key not in fullest or len(name) > len(fullest[key]):
            fullest[key] = name
    places: dict[str, set[str]] = {}
    for key in fullest:
        if key[0] in "省市区县州旗":
            places.setdefault(key[1:], set()).add(key)
    spelling = {}
    for name in names:
        key = key_of(name)
        whole = places.get(key, set())
        spelling[name] = fullest[next(iter(whole)) if len(whole) == 1 else key]
    return spelling


def respelled(item: PlanItem, spelling: dict[str, str]) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    lead = [Named(spelling.get(each.name, each.name), each.passage, each.sureness) for each in item.lead]
    others = [Named(spelling.get(each.name, each.name), each.passage, each.sureness) for each in item.cooperating]
    return _once(lead, set()), _once(others, {each.name for each in lead})


def _places(plain: str) -> list[tuple[int, int]]:
    """Where departments stand: in brackets, or on a line that begins with what they are."""
    found = []
    at = 0
    for line in plain.split("\n"):
        if _LINE.match(line.strip()):
            found.append((at, at + len(line)))
        else:
            found += [(at + start, at + end) for start, end in _brackets(line) or _sentences(line)]
        at += len(line) + 1
    return found


def _sentences(line: str) -> list[tuple[int, int]]:
    """…。责任单位：a、b。 in the running text; and sentences that say nothing but who does it: 由a牵头，b配合。"""
    labelled = [match.span(1) for match in _SENTENCE.finditer(line)]
    return labelled or [span for match in _SAID.finditer(line) for span in _said(match[0], match.start())]


def _said(sentence: str, at: int) -> list[tuple[int, int]]:
    """Where a folded sentence says who does it: all of it (a牵头，b配合; 以上任务由a负责), or from 由 on."""
    above = _ABOVE.match(sentence)
    first = above.end() if above else 0
    for start in [first, *(match.end() for match in _THEN_BY.finditer(sentence, first))]:
        end = start
        for clause in _CLAUSE.finditer(sentence, start):
            if not _is_clause(clause[0].strip().removeprefix("由")):
                break
            end = clause.end()
        rest = sentence[end:].strip(" ,")
        if end > start and (sentence[start:].lstrip().startswith("由") or not rest or _WHEN.fullmatch(rest)):
            return [(at + start, at + end)]
    return []


def _is_clause(clause: str) -> bool:
    """a牵头; b、c配合; 会同d落实; a会同b负责."""
    alone, *others = _WITH.sub(",会同", clause).strip(",").split(",")
    match = _WITH_WHOM.match(alone) or _VERB.fullmatch(alone)
    names = names_in(match["names"] if match else alone if others else "")
    return bool(names) and all(is_office(name) for name in names) and all(map(_WITH_WHOM.match, others))


def _brackets(line: str) -> list[tuple[int, int]]:
    """Outermost brackets, of a bounded length, that speak of who is responsible: where their contents stand."""
    found, opened = [], []
    for at, char in enumerate(line):
        if char in "([【":
            opened.append(at)
        elif char in ")]】" and opened:
            start = opened.pop()
            content = line[start + 1 : at]
            alone = line[:start].rstrip()[-1:] in _ENDS and not line[at + 1 :].strip(" 。;")
            if (
                not opened
                and at - start <= LONGEST_BRACKET
                and (_speaks_of_roles(content) or (alone and _named_alone(content)))
            ):
                found.append((start + 1, at))
        elif len(opened) and at - opened[0] > LONGEST_BRACKET:
            opened = []
    if opened and _ROLE_LABEL.match(line, opened[0] + 1):
        found.append((opened[0] + 1, len(line)))  # a bracket that nobody closed
    return found


def _named_alone(content: str) -> list[str]:
    """Of departments and nothing else but a date (县卫健局、县财政局，6月底前完成): the departments; else none."""
    names = [name for part in re.split("[,;]", content) if not _is_aside(part) for name in names_in(part)]
    sure = all(is_office(name) and (name[0] in _OF_PLACE or name[-1] in _WITHIN) for name in names)
    return names if sure else []


def _is_aside(part: str) -> bool:
    """By when, or that the first one leads."""
    return bool(_WHEN.fullmatch(part) or _FIRST_LEADS.fullmatch(part))


def _speaks_of_roles(content: str) -> bool:
    if _ROLE_LABEL.search(content):
        return True
    match = _VERB.search(content)
    return bool(match) and any(is_office(name) for name in names_in(match["names"]))


def _read(content: str, passage: str, lead: list[Named], cooperating: list[Named]) -> None:
    labels = list(_LABEL.finditer(content))
    if not any(_ROLE_LABEL.match(label[0]) for label in labels):
        _read_words(content, passage, lead, cooperating)
        return
    named_lead = any(_LEADS.search(label[1]) for label in labels if _ROLE_LABEL.match(label[0]))
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        if not _ROLE_LABEL.match(label[0]):
            continue  # a person, a date
        names = names_in(content[label.end() : following.start() if following else len(content)].strip(" []【】"))
        if _COOPERATES.search(label[1]) or (named_lead and not _LEADS.search(label[1])):
            cooperating += [Named(name, passage) for name in names]
        elif _LEADS.search(label[1]):
            lead += [Named(name, passage) for name in names]
        else:
            _share_out(names, passage, lead, cooperating)


def _read_words(content: str, passage: str, lead: list[Named], cooperating: list[Named]) -> None:
    """甲牵头，乙、丙配合; 甲会同乙负责."""
    clauses = _WITH.sub(",会同", _ABOVE.sub("", content, count=1)).strip().removeprefix("由")
    verbs = list(_VERB.finditer(clauses))
    first_leads = bool(verbs) and bool(_LEADS.match(verbs[0]["verb"]))
    shared = len(verbs) == 1 and not first_leads  # a、b负责: as with 责任单位
    if not verbs:
        _share_out(_named_alone(content), passage, lead, cooperating, MEDIUM)
    parts = re.split("[,;。]|(?<=牵头)、|(?<=负责)、", clauses)
    for clause, then in zip(parts, [*parts[1:], ""], strict=True):
        if match := _WITH_WHOM.match(clause):
            cooperating += [Named(name, passage) for name in names_in(match["names"]) if is_office(name)]
        elif then.startswith("会同") and all(map(is_office, names_in(clause))):
            lead += [Named(name, passage) for name in names_in(clause)]
        elif match := _VERB.fullmatch(clause):
            names = names_in(match["names"])
            if not any(is_office(name) for name in names):
                continue
            if _COOPERATES.match(match["verb"]) or (first_leads and lead and not _LEADS.match(match["verb"])):
                cooperating += [Named(name, passage) for name in names]
            else:
                _share_out(names, passage, lead, cooperating if shared else lead)


def _share_out(names: list[str], passage: str, lead: list[Named], others: list[Named], most: str = HIGH) -> None:
    """责任单位：a、b: by custom the first of them leads."""
    sureness = most if len(names) == 1 or others is lead else MEDIUM
    lead += [Named(name, passage, sureness) for name in names[:1]]
    others += [Named(name, passage, sureness) for name in names[1:]]


def _split(listed: str) -> list[str]:
    """At commas and blanks that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(listed):
        if char in "(（":
            depth += 1
        elif char in ")）":
            depth = max(0, depth - 1)
        elif depth == 0 and char in "、,，;；/\n\t 。":
            parts.append(listed[start:at])
            start = at + 1
    return [*parts, listed[start:]]


def _in_chinese(name: str) -> str:
    return name.replace("(", "（").replace(")", "）")


def _once(names: list[Named], taken: set[str]) -> tuple[Named, ...]:
    kept = {}
    for named in names:
        if named.name not in taken:
            kept.setdefault(named.name, named)
    return tuple(kept.values())
