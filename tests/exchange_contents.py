"""Any standard that a person could have entered, with texts that files like to spoil."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from indicators.contents import (
    ArrangementContent,
    CheckContent,
    CriterionContent,
    DepartmentContent,
    ElementContent,
    EvidenceContent,
    ItemContent,
    PhaseContent,
    SeatContent,
    SectionContent,
    StandardContent,
)
from indicators.enums import (
    ArrangementKind,
    CheckLevel,
    Comparator,
    Every,
    InstitutionType,
    LeadingPart,
    Level,
    SeenAs,
    StandardState,
    ValueType,
    YearRule,
)
from indicators.formula import ALL
from indicators.tidy import clean

SPOILT = [
    *("=1+1", "+86", "-3", "@x", "'单引号", "null", "~", "yes", "否", "TRUE", "1.10", "007", "2023-09-01", "12:30"),
    *(
        "a: b",
        "a #b",
        "- x",
        "[1]",
        "{a: b}",
        "*锚",
        "&锚",
        "!标签",
        "|",
        ">",
        "%",
        "`",
        "？",
        "：",
        "区：县",
        "a、b",
        "\\",
    ),
    *(
        "_x0041_",
        "a\\nb",
        "a\\、",
        "两行\n文字",
        "首行\n\n  缩进\n末行",
        "\ta\tb",
        "“引号”",
        '"',
        "≥90%",
        "\u200b零宽",
        "\x85",
    ),
    *(
        "\u2028分行",
        "😀",
        "#N/A",
        "<<",
        "=",
        "a:",
        "https://a/b",
        "1e3",
        "0x1F",
        "# 注释",
        "---",
        "...",
        "？\n...\n---\n尾",
    ),
]
_free = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
raw_texts = st.one_of(st.sampled_from(SPOILT), _free, st.text("、：\\n\n ab#:-'\"", max_size=8))
optional = raw_texts.map(clean)
texts = optional.filter(bool)
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))
short_lists = st.lists(texts, max_size=3)
types = st.lists(st.sampled_from(InstitutionType.values), unique=True, max_size=3)
numbers = st.integers(1, 9999).map(str)


def _words(choices) -> st.SearchStrategy[str]:
    return st.sampled_from(choices.values)


criteria = st.builds(
    CriterionContent,
    code=numbers,
    name=texts,
    level=_words(Level),
    scope=st.one_of(st.just([ALL]), types.filter(bool)),
    expression=texts,
    comparator=_words(Comparator),
    target=texts,
    unit=optional.filter(lambda text: len(text) <= 10),
    note=optional,
    source=optional,
    targets=st.dictionaries(st.integers(2000, 2099).map(str), texts, max_size=3).map(lambda t: dict(sorted(t.items()))),
)
elements = st.builds(
    ElementContent,
    code=st.from_regex(r"own_[a-z]{1,6}", fullmatch=True),
    name=texts,
    group=texts.filter(lambda text: len(text) <= 30),
    value_type=st.sampled_from([ValueType.INTEGER.value, ValueType.DECIMAL.value]),
    unit=optional.filter(lambda text: len(text) <= 10),
    definition=optional,
    reported_by=types.filter(bool),
    aliases=st.just([]),
    choices=st.just({}),
    minimum=st.sampled_from([0, None, -3]),
    maximum=st.sampled_from([None, 5]),
)
choices = st.builds(
    ElementContent,
    code=st.just("own_grade"),
    name=st.just("等级"),
    group=st.just("增设"),
    value_type=st.just(ValueType.CHOICE.value),
    unit=st.just(""),
    definition=optional,
    reported_by=types.filter(bool),
    aliases=st.just(["级、别"]),
    choices=st.dictionaries(st.integers(0, 9).map(str), texts, min_size=1, max_size=3).filter(
        lambda words: len(set(words.values())) == len(words)
    ),
    minimum=st.none(),
    maximum=st.none(),
)
checks = st.builds(CheckContent, st.just("own_grade >= 0"), texts, _words(CheckLevel), types)


@st.composite
def contents(draw) -> StandardContent:
    names = draw(st.lists(texts.filter(lambda text: len(text) <= 60), unique=True, max_size=5))
    group = bool(names[2:]) and draw(st.booleans())
    departments = [
        DepartmentContent(name, [], names[1:] if group and not position else [], draw(short_lists))
        for position, name in enumerate(names)
    ]
    codes = iter(range(1, 9999))
    items = draw(
        st.lists(
            st.builds(
                _item,
                st.just(names),
                st.randoms(use_true_random=False),
                optional,
                raw_points,
                st.lists(criteria, max_size=2),
            ),
            max_size=4,
        )
    )
    items = [
        ItemContent(
            **vars(item)
            | {
                "number": str(next(codes)),
                "evidence": [
                    draw(_evidence(str(next(codes)), [*item.lead, *item.cooperating]))
                    for _ in range(draw(st.integers(0, 2)))
                ],
                "criteria": [CriterionContent(**vars(each) | {"code": f"{next(codes)}.10"}) for each in item.criteria],
            }
        )
        for item in items
    ]
    cut = draw(st.integers(0, len(items)))
    sections = [SectionContent(1, draw(texts), items[:cut]), SectionContent(7, draw(texts), items[cut:])]
    phases = draw(st.lists(st.tuples(texts, days, days, short_lists), max_size=3, unique_by=lambda phase: phase[0]))
    return StandardContent(
        code=draw(texts.filter(lambda text: len(text) <= 40)),
        version=draw(texts.filter(lambda text: len(text) <= 20)),
        state=draw(_words(StandardState)),
        title=draw(optional),
        source_document=draw(optional),
        source_number=draw(optional),
        source_date=draw(days),
        departments=departments,
        phases=[
            PhaseContent(n, name, *sorted([start, end]), tasks) for n, (name, start, end, tasks) in enumerate(phases, 1)
        ],
        sections=draw(st.sampled_from([sections, []])),
        deadline=draw(st.none() | days),
        leading_group=draw(st.lists(st.builds(SeatContent, _words(LeadingPart), texts), max_size=2)),
        arrangements=draw(
            st.lists(
                st.builds(
                    ArrangementContent,
                    _words(ArrangementKind),
                    texts,
                    _words(Every),
                    optional,
                    optional,
                    short_lists,
                    optional,
                ),
                max_size=2,
            )
        ),
    )


raw_points = st.none() | st.decimals(0, 9999, places=2).map(lambda value: value.quantize(Decimal("0.01")))


def _item(names: list[str], random, wording: str, points, of_item) -> ItemContent:
    chosen = random.sample(names, random.randint(0, len(names)))
    cut = random.randint(0, len(chosen))
    title = wording[:60].strip()
    return ItemContent("", title, wording, points, chosen[:cut], chosen[cut:], [], of_item, wording, title)


def _evidence(code: str, responsible: list[str]) -> st.SearchStrategy[EvidenceContent]:
    some = st.lists(st.sampled_from(responsible), unique=True, max_size=2) if responsible else st.just([])
    return st.builds(
        EvidenceContent,
        st.just(code),
        texts,
        st.booleans(),
        some,
        _words(YearRule),
        st.integers(1, 9),
        _words(SeenAs),
        types,
    )
