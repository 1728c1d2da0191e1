"""Opens a YAML file that people wrote.

Anything that could blow up or surprise (anchors, tags, deep nesting, several documents) is refused: a list of
demands needs none of it.
"""

from pathlib import Path

import yaml

from indicators.yaml_lines import FORBIDDEN_CHARACTERS, Fault, Place

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 12
MAX_NODES = 50_000
# Up to here the other faults of the file are still looked for; more could multiply beyond measure.
MAX_ALIASES = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What libyaml says most often, in the words of somebody who edits a file.
_PROBLEMS = {
    "did not find expected key": "缩进或引号不对，这里应是一个“项: 值”",
    "could not find expected ':'": "缺少冒号，或冒号后没有空格",
    "mapping values are not allowed in this context": "缩进不对，或文字里有半角冒号而没有加引号",
    "did not find expected '-' indicator": "列表的缩进不对，这里应以“- ”开头",
    "did not find expected node content": "方括号没有合上，或多了一个逗号",
    "did not find expected comment or line break": "以 > 或 | 开头的文字要加引号",
    "found character that cannot start any token": "这个字符不能开头：缩进请用空格，文字请加引号",
    "found unexpected end of stream": "引号没有合上",
    "found undefined alias": "引用了没有写过的锚点",
    "did not find expected ',' or ']'": "方括号里缺逗号，或方括号没有合上",
    "did not find expected ',' or '}'": "花括号里缺逗号，或花括号没有合上",
}


def read_yaml(path: Path, faults: list[Fault]) -> Place | None:
    """The top of the file, or None where it cannot be read at all; why not is added to `faults`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        faults.append(Fault("unreadable", path.name, 0, f"找不到文件 {path}，请检查路径。"))
    except OSError as error:
        faults.append(Fault("unreadable", path.name, 0, f"打不开文件 {path}（{error.strerror}）。"))
    else:
        return parse_yaml(data, path.name, faults)
    return None


def parse_yaml(data: bytes, name: str, faults: list[Fault]) -> Place | None:
    """As `read_yaml`, of what a file called `name` holds."""

    def refuse(code: str, line: int, sentence: str) -> None:
        faults.append(Fault(code, name, line, sentence))

    text = _text_of(data, refuse)
    if text is None:
        return None
    try:
        node = yaml.compose(text, Loader=_LOADER) if _can_be_built(text, refuse) else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        refuse("syntax", mark.line + 1 if mark else 1, f"YAML 写法不对：{_PROBLEMS.get(problem, problem)}。")
        return None
    return Place(node, name, faults) if node else None


def _text_of(data: bytes, refuse) -> str | None:
    if len(data) > MAX_BYTES:
        return refuse("too_large", 0, f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像是标准或字典文件。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return refuse("encoding", line, "不是 UTF-8 编码（可能是 GBK），请用 UTF-8 另存后再载入。")
    if forbidden := FORBIDDEN_CHARACTERS.search(text):
        line = text.count("\n", 0, forbidden.start()) + 1
        return refuse("control_character", line, "有看不见的控制字符，请删去后再载入。")
    if not text.strip():
        return refuse("blank", 1, "文件是空的。")
    return text


def _can_be_built(text: str, refuse) -> bool:
    """Looks at the stream of events before anything is built from it, and refuses what does not belong in it."""
    depth = nodes = documents = aliases = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        for too_much, why in (
            (depth > MAX_DEPTH, "层次太深"),
            (nodes > MAX_NODES, "内容太多"),
            (documents > 1, "不止一个 YAML 文档（---）"),
            (aliases > MAX_ALIASES, "引用太多"),
        ):
            if too_much:
                refuse("too_complex", line, f"{why}，不像是标准或字典文件。")
                return False
        if getattr(event, "anchor", None) is not None:
            refuse("anchor", line, f"不支持锚点和引用（{event.anchor}），请把内容写全。")
        if getattr(event, "tag", None) is not None:
            refuse("tag", line, f"不支持类型标签（{event.tag}），请删去。")
    if not documents:
        refuse("blank", 1, "文件里没有内容。")
    return documents == 1
