"""A tokenizer for Chinese without a dictionary of the language: known terms whole, the rest in pairs of characters."""

import math
import re
from collections import Counter

from indicators.plans.lines import folded

# the field's terms that must not fall apart; longer ones first
TERMS = tuple(
    sorted(
        (
            "社区卫生服务中心 社区卫生服务站 基层医疗卫生机构 乡镇卫生院 村卫生室 妇幼保健院 中医馆 中医阁 老年病科 "
            "康复科 "
            "适宜技术 健康管理 家庭医生 电子病历 医联体 医共体 治未病 传染病 健康教育 科普 信息化 信息平台 "
            "西学中 师承教育 继续教育 中医类别医师 全科医生 人才 职称 薪酬 编制 诊疗人次 绩效考核 知晓率 满意率 满意度 "
            "医养结合 长期照护 安宁疗护 社区康复 养生保健 太极拳 八段锦 文化进校园 文化旅游 宣传 知识产权 乡村振兴 "
            "中药材 中药饮片 中药制剂 制剂 报销 医保 财政 投入 专项资金 用地 规划 议事日程 联席会议 监督 执法"
        ).split(),
        key=len,
        reverse=True,
    )
)
# words that every plan repeats, so that they tell nothing apart
_EMPTY = re.compile(
    r"中医药|中医|基层|工作|服务|加强|推进|开展|建设|建立|健全|完善|提高|提升|进一步|积极|全区|全县|全市|本区|负责|做好|落实|"
    r"组织|实施|管理|能力|发展|相关|有关|机构|医疗|卫生|机制|支持|加大|推动|目标|政策|事业|纳入|贯彻|保障|重要|鼓励|持续|制定|"
    r"制度|中心|项目|创建|计划|人民|中华|部门|给予|城乡|居民|[的和与及等在对将把为是以并或]"
)
_KNOWN = frozenset(TERMS)
_TERM = re.compile("|".join(map(re.escape, TERMS)))


def tokens(text: str) -> list[str]:
    """In order, each as often as it stands there."""
    found: list[str] = []
    at = 0
    plain = folded(text)
    for match in _TERM.finditer(plain):
        found += _pairs(plain[at : match.start()])
        found.append(match[0])
        at = match.end()
    return found + _pairs(plain[at:])


def _pairs(text: str) -> list[str]:
    pieces = re.findall(r"[\u4e00-\u9fff]{2,}|[A-Za-z0-9]+", _EMPTY.sub(" ", text))
    return [piece[at : at + 2] if piece[0] > "\u2e80" else piece for piece in pieces for at in _places(piece)]


def _places(piece: str) -> range:
    return range(len(piece) - 1) if piece[0] > "\u2e80" else range(1)


class Likeness:
    """How much of one text's rare words another has; rare among the given texts."""

    def __init__(self, texts: list[str]):
        self.tokens = {text: Counter(tokens(text)) for text in texts}
        spread = Counter(token for counted in self.tokens.values() for token in counted)
        self.weight = {token: math.log((1 + len(self.tokens)) / count) for token, count in spread.items()}

    def of(self, text: str, other: str) -> tuple[float, float]:
        """How much weight the two share, and what part of the first one's that is (0 to 1)."""
        mine, theirs = self._of(text), self._of(other)
        whole = sum(self.weight.get(token, 0) * _bonus(token) for token in mine)
        shared = sum(self.weight.get(token, 0) * _bonus(token) for token in mine if token in theirs)
        return (shared, shared / whole) if whole else (0.0, 0.0)

    def _of(self, text: str) -> Counter:
        if text not in self.tokens:
            self.tokens[text] = Counter(tokens(text))
        return self.tokens[text]


def _bonus(token: str) -> float:
    """A term of the field says more than a pair of characters."""
    return 2.0 if token in _KNOWN else 1.0
