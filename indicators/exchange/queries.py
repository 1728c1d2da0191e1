"""What goes out with a standard beside its content."""

from indicators.contents import CheckContent, ElementContent, StandardContent
from indicators.formula import FormulaError, names, parse
from indicators.models import Element, ElementCheck


def own_of(content: StandardContent, owner: str) -> tuple[list[ElementContent], list[CheckContent]]:
    """The county's own elements that the standard's formulas read, and the checks among these. Two queries."""
    if not owner:
        return [], []
    used = codes_in(content)
    elements = list(Element.objects.filter(owner=owner, code__in=used))
    codes = {element.code for element in elements}
    own_codes = set(Element.objects.filter(owner=owner).values_list("code", flat=True)) if elements else set()
    checks = [
        check
        for check in (ElementCheck.objects.filter(owner=owner) if elements else ())
        if codes >= (read := own_codes & _codes(check.expression)) and read
    ]
    return [_copy(ElementContent, each) for each in elements], [_copy(CheckContent, each) for each in checks]


def codes_in(content: StandardContent) -> set[str]:
    """Codes of the elements that its formulas and targets read."""
    criteria = [criterion for item in content.items for criterion in item.criteria]
    texts = [text for each in criteria for text in (each.expression, each.target, *each.targets.values())]
    return {code for text in texts for code in _codes(text)}


def _codes(text: str) -> set[str]:
    try:
        return set(names(parse(text)))
    except FormulaError:  # a draft's formula may be unfinished
        return set()


def _copy(content_class: type, row):
    return content_class(**{name: getattr(row, name) for name in content_class.__dataclass_fields__})
