"""A standard as YAML that reads like a list: one line a text, short lists in brackets, what has lines as a block."""

import json
import re
from collections.abc import Iterable, Iterator

import yaml

from indicators.contents import CheckContent, ElementContent, StandardContent
from indicators.exchange.tree import tree_of

_HEAD = "# 用文本编辑器修改后可再导入（编码 UTF-8，缩进用空格）。\n"
# lists of names, which fit in one line
_IN_BRACKETS = {
    *("aliases", "members", "lead", "cooperating", "from"),
    *("scope", "per", "reported_by", "types"),
}
# what begins a value of another kind, or a comment
_SPECIAL_STARTS = "-?:,[]{}#&*!|>'\"%@`=~ "
_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9][0-9.:_+\-/eExXoO]*")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers


def yaml_text(
    content: StandardContent, elements: Iterable[ElementContent] = (), checks: Iterable[CheckContent] = ()
) -> str:
    """The file's text. `elements` and `checks`: the county's own that go with the standard."""
    blocks = []
    for key, value in tree_of(content, elements, checks).items():
        blocks.append("\n".join(_entry(key, value, 0)))
    return _HEAD + "\n" + "\n\n".join(blocks) + "\n"


def _entry(key: str | int, value, indent: int) -> Iterator[str]:
    """The lines of `key: value`."""
    name = f"{' ' * indent}{key if isinstance(key, int) else _scalar(key)}:"
    if isinstance(value, dict):
        yield name
        for each, inner in value.items():
            yield from _entry(each, inner, indent + 2)
    elif isinstance(value, list) and (not value or key in _IN_BRACKETS):
        yield f"{name} [{', '.join(_scalar(each, in_brackets=True) for each in value)}]"
    elif isinstance(value, list):
        yield name
        yield from _members(value, indent + 2)
    elif isinstance(value, str) and _fits_a_block(value):
        yield f"{name} |-"
        yield from (" " * (indent + 2) + line if line else "" for line in value.split("\n"))
    else:
        yield f"{name} {_scalar(value)}"


def _members(values: list, indent: int) -> Iterator[str]:
    for position, value in enumerate(values):
        if not isinstance(value, dict):
            yield f"{' ' * indent}- {_scalar(value)}"
            continue
        lines = [line for key, inner in value.items() for line in _entry(key, inner, indent + 2)]
        # sections and items stand apart
        if position and ("items" in value or "requirement" in value):
            yield ""
        yield f"{' ' * indent}- {lines[0].lstrip()}"
        yield from lines[1:]


def _scalar(value, *, in_brackets: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    return value if _is_plain(value, in_brackets) else _quoted(value)


def _is_plain(text: str, in_brackets: bool) -> bool:
    """Would it be read as this text without quotes?"""
    if not text or text[0] in _SPECIAL_STARTS or text != text.strip() or _LOOKS_LIKE_A_NUMBER.fullmatch(text):
        return False
    if any(sign in text for sign in (": ", " #", "\n", "\t", "\r")) or text.endswith(":") or _ESCAPED.search(text):
        return False
    if in_brackets and any(sign in text for sign in ",[]{}:#"):
        return False
    resolvers = [*_RESOLVERS.get(text[0], ()), *_RESOLVERS.get(None, ())]
    return not any(pattern.match(text) for _, pattern in resolvers)


def _quoted(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _fits_a_block(text: str) -> bool:
    """Several lines, none of which a block would keep otherwise than it is."""
    lines = text.split("\n")
    odd = any(line != line.strip() or "\t" in line or _ESCAPED.search(line) for line in lines)
    return len(lines) > 1 and bool(lines[0]) and bool(lines[-1]) and not odd
