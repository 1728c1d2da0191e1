"""Which types of institutions a clause speaks of. Codes are those of indicators.enums.InstitutionType."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# in their official order
TYPES = (
    *("county", "tcm_hospital", "general_hospital", "mch_hospital"),
    *("township_centre", "community_centre", "community_station", "village_clinic"),
)
_PRIMARY = ("township_centre", "community_centre", "community_station", "village_clinic")
_CENTRES = ("township_centre", "community_centre")
_POINTS = ("community_station", "village_clinic")
# the first that fits at a place; longer words first
_WORDS = [
    ("社区卫生服务中心", ("community_centre",)),
    ("社区卫生服务站", ("community_station",)),
    ("社区卫生服务机构", ("community_centre", "community_station")),
    ("社区卫生机构", ("community_centre", "community_station")),
    ("社区中心", ("community_centre",)),
    ("基层医疗卫生机构", _PRIMARY),
    ("基层医疗机构", _PRIMARY),
    ("基层卫生机构", _PRIMARY),
    ("基层机构", _PRIMARY),
    ("乡镇卫生院", ("township_centre",)),
    ("镇卫生院", ("township_centre",)),
    ("乡卫生院", ("township_centre",)),
    ("中心卫生院", ("township_centre",)),
    ("卫生院", ("township_centre",)),
    ("村卫生室", ("village_clinic",)),
    ("村卫生站", ("village_clinic",)),
    ("卫生室", ("village_clinic",)),
    ("妇幼保健院", ("mch_hospital",)),
    ("妇幼保健机构", ("mch_hospital",)),
    ("妇幼保健计划生育服务中心", ("mch_hospital",)),
    ("妇幼计生中心", ("mch_hospital",)),
    ("妇幼保健中心", ("mch_hospital",)),
    ("综合医院", ("general_hospital",)),
    ("人民医院", ("general_hospital",)),
    ("中西医结合医院", ("tcm_hospital",)),
    ("中医医院", ("tcm_hospital",)),
    ("中医院", ("tcm_hospital",)),
    ("中医类医院", ("tcm_hospital",)),
]
_FIND = re.compile("|".join(word for word, _ in _WORDS))
_CODES = dict(_WORDS)
# where no institution is named: the thing that only some types have
_IMPLIED = [
    (re.compile("中医馆|国医堂|家庭医生|健康管理"), _CENTRES),
    (re.compile("中医阁"), _POINTS),
    (re.compile("乡村医生"), ("village_clinic",)),
]
_PEOPLE = re.compile("居民|群众|满意[率度]|知晓率|人口|素养")
_QUALIFIER = (
    r"(?:(?:以上|及|的|所有|全部|[一二三]级以上|公立|政府办|政府举办的?|[区县市]级|[区县市]|各|辖区内?的?)\s*)*"
)
_FOLLOWS = re.compile(rf"{_QUALIFIER}(?={'|'.join(word for word, _ in _WORDS)}|中医馆|中医阁)")
_JOINT = re.compile(rf"\s*(?:、|和|与|及|以及|或|和有条件的)?{_QUALIFIER}\s*")


@dataclass(frozen=True)
class Mention:
    start: int
    end: int
    codes: tuple[str, ...]


def mentions(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Every institution named in the stretch."""
    stretch = _FIND.finditer(text, start, len(text) if end is None else end)
    return [Mention(match.start(), match.end(), _CODES[match[0]]) for match in stretch]


def following(text: str, at: int, end: int) -> Mention | None:
    """The list of institutions that begins right here, as after 90%以上的."""
    match = _FOLLOWS.match(text, at, end)
    if not match:
        return None
    codes: list[str] = []
    place = match.end()
    for what, types in (("中医馆", _CENTRES), ("中医阁", _POINTS)):
        if text.startswith(what, place):
            return Mention(place, place + len(what), types)
    while found := _FIND.match(text, place, end):
        codes += _CODES[found[0]]
        last = found.end()
        joint = _JOINT.match(text, last, end)
        place = joint.end() if joint else last
    return Mention(match.end(), last, in_order(codes))


def implied(text: str) -> tuple[str, ...]:
    """Types that a clause without institutions can only mean; () where it may mean any."""
    if _PEOPLE.search(text):
        return ("county",)
    return next((types for pattern, types in _IMPLIED if pattern.search(text)), ())


def speaks_of_people(text: str) -> bool:
    return bool(_PEOPLE.search(text))


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    wanted = set(codes)
    return tuple(code for code in TYPES if code in wanted)
