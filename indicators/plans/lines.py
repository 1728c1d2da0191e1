"""The text as paragraphs: wraps and page breaks mended, page numbers and stray blanks taken out."""

import re
from collections import Counter

from indicators.plans.columns import with_tabs
from indicators.plans.folding import folded, width_of
from indicators.plans.marks import begins_anew

MAX_TEXT = 1_000_000  # characters; a plan has some ten thousand
_ENDS = "。！？：:!?"
_TITLE = re.compile(r"[^，。；：]{4,60}(?:方案|要点|计划|办法|制度|通知|意见|名单|清单|规划|安排|表)")
_NOISE = re.compile(r"信息公开(?:选项|类别|属性|方式)?:.{0,20}|\((?:此件|本文)?(?:主动)?公开(?:发布|属性)?.{0,8}\)")
_PAGE = re.compile(
    r"\s*(?:[-—–―－~·]{1,3}\s*\d{1,4}\s*[-—–―－~·]{1,3}|第\s*\d{1,4}\s*页(?:[，,/ ]?\s*共\s*\d{1,4}\s*页)?)\s*"
)
# not the blank between two departments, which has to part them
_BETWEEN = re.compile(
    r"(?<=[^\x00-\x7f局委办部院处府会])[ \t]+(?=[^\x00-\x7f])"
    r"|(?<=[局委办部院处府会])[ \t]+(?=[^\x00-\x7f区县市州省旗各])"
    r"|(?<=[^\x00-\x7f])[ \t]+(?=[\d%(])|(?<=[\d%)])[ \t]+(?=[^\x00-\x7f])"
)
# 1.1 标题: the blank says that it is a number and no measure
_DECIMAL = re.compile(r"^([1-9]\d?(?:\.\d{1,2}){1,3})[ \t\u3000]+(?=[^\d\s])")
_WRAPS = range(36, 111)  # columns
_FIRST_DECIMAL = re.compile(r"\s*([1-9]\d?)\.1(?=[\s、.\u4e00-\u9fff])")
_HEAD = re.compile(r"^\s*([1-9]\d?)[ \t\u3000]+(?=[\u4e00-\u9fff][^。；，,;\t]{1,24}$)")
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff）)（(])[ \u3000]+(?=[\u4e00-\u9fff\d（(）)。，、：])")
_SPLIT = re.compile(r"(?<=[\d.])[ \u3000](?=[\d.%％])")
SCANNED = 25  # a blank among so many characters
_POST = re.compile("[省市区县镇乡局部院处科组]长|主任|书记")
LONGEST_POST = 60
_QUOTED = re.compile(r'(?:(?<=\t)|^)"([^"\t]*)"(?=\t|$)')
LONGEST_CELL = 2000
_OPENS = {"《": "》", "（": "）", "(": ")", "〔": "〕"}


def paragraphs(text: str) -> list[str]:
    """In order. A table's row is one paragraph, its cells separated by tabs (also where each cell had its own line)."""
    text = text[:MAX_TEXT].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines = _rows(with_tabs(_whole_cells(re.split(r"[\n\x0b\u2028\u2029]", text))))
    lines = [line for line in lines if line.strip() and not _is_noise(folded(line).strip())]
    lines = _heads_marked(lines)
    width = wrap_width(lines)
    mended: list[list[str]] = []
    for line in lines:
        if mended and "\t" not in line and "\t" not in mended[-1][-1] and _goes_on(mended[-1], line, width):
            mended[-1].append(line.strip())
        else:
            mended.append([line.strip() if "\t" not in line else line])
    whole = [_joined(parts) for parts in mended]
    if _is_scanned(whole):
        whole = [_SPLIT.sub("", line) for line in whole]
    return [_tidied(line) for line in whole]


def tidy(text: str) -> str:
    """Without the blanks that only layout put between Chinese characters and digits."""
    return _BETWEEN.sub("", text.replace("\u3000", " ").replace("\xa0", " ")).strip()


def _heads_marked(lines: list[str]) -> list[str]:
    """1 总体要求 over 1.1 and 1.2: a number with a blank behind it counts only where the text goes on with decimals."""
    heads = [int(match[1]) for line in lines if (match := _FIRST_DECIMAL.match(folded(line)))]
    last = max(heads) + 2 if heads else 0  # the plan's closing parts may have no decimals
    return [
        _HEAD.sub(r"\1、", line) if (match := _HEAD.match(line)) and int(match[1]) <= last else line for line in lines
    ]


def _is_scanned(lines: list[str]) -> bool:
    """Whether blanks stand between characters everywhere, as a scanner's software leaves them."""
    blanks = sum(len(_BLANK.findall(line)) for line in lines if "\t" not in line)
    return blanks > sum(map(len, lines)) / SCANNED


def _tidied(line: str) -> str:
    if "\t" in line:
        return line
    if len(line) <= LONGEST_POST and _POST.search(line) and not re.search("[，。；]", line):
        return re.sub(r"[ \u3000\xa0]+", " ", line).strip()  # between a person's name and post
    return tidy(_DECIMAL.sub(r"\1、", line))


def wrap_width(lines: list[str]) -> int:
    """The columns at which a file was wrapped by force; 0 where its paragraphs stand on one line each."""
    plain = [line.strip() for line in lines if "\t" not in line]
    widths = [width_of(line) for line in plain]
    cut = Counter(width for width, line in zip(widths, plain, strict=True) if width in _WRAPS and not _has_ended(line))
    if not cut:
        return 0
    near = {width: sum(cut[width + step] for step in range(-4, 3)) for width in cut}
    best = max(near, key=lambda width: (near[width], width))
    longer = sum(width > best + 6 for width in widths)
    return best if near[best] >= max(6, len(widths) * 0.25) and longer <= len(widths) * 0.1 else 0


def _whole_cells(lines: list[str]) -> list[str]:
    """A cell of several lines, which a spreadsheet puts in quotation marks, on one line and without them."""
    whole: list[str] = []
    for line in lines:
        if whole and '\t"' in "\t" + whole[-1] and whole[-1].count('"') % 2 and len(whole[-1]) < LONGEST_CELL:
            whole[-1] += line.strip()
        else:
            whole.append(line)
    return [_QUOTED.sub(r"\1", line) if "\t" in line else line for line in whole]


def _rows(lines: list[str]) -> list[str]:
    """Cells that stand on lines of their own, each after a tab, as one row; 「|」 tables as tabs."""
    rows: list[str] = []
    cells: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("\t") and "\t" not in line[1:]:
            cells.append(line.strip())
            continue
        if cells:
            rows.append("\t".join(cells) if len(cells) > 1 else cells[0])
            cells = []
        stripped = line.strip()
        if stripped.count(" | ") >= 2 and not stripped.startswith("|"):
            stripped = f"| {stripped} |"
        if stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 2:
            if set(stripped) - set("|-: "):
                rows.append("\t".join(cell.strip() for cell in stripped[1:-1].split("|")))
            continue
        rows.append(line)
    return rows


def _goes_on(so_far: list[str], line: str, width: int) -> bool:
    """Whether a line belongs to the paragraph of the one before it."""
    last = so_far[-1]
    ended = _has_ended(last)
    if begins_anew(folded(line), cut=not ended and bool(width) and width_of(last) >= width - 4):
        return False
    if _open_bracket("".join(so_far[-3:])):
        return True
    if width:
        if ended:
            return width_of(last) >= width - 2
        if _TITLE.fullmatch(last) and width_of(last) < width - 4:
            return False
        under_way = any(mark in last for mark in "。，,；、：")
        return width_of(last) >= width * 0.75 or (under_way and width_of(last) >= width * 0.5)
    # not wrapped, so a page ended here: a sentence was under way
    return (
        not ended and any(mark in last for mark in "。，,；") and not last.endswith(("）", ")", "》", "日", "；", ";"))
    )


def _has_ended(line: str) -> bool:
    return line[-1] in _ENDS or line.endswith(("。”", "。）", "！”"))


def _is_noise(line: str) -> bool:
    return bool(_PAGE.fullmatch(line) or _NOISE.fullmatch(line))


def _open_bracket(text: str) -> bool:
    for opening, closing in _OPENS.items():
        at = text.rfind(opening)
        if at >= 0 and closing not in text[at:] and len(text) - at < 60 and (closing != ")" or "）" not in text[at:]):
            return True
    return False


def _joined(parts: list[str]) -> str:
    whole = parts[0]
    for part in parts[1:]:
        blank = (
            " " if whole[-1:].isascii() and whole[-1:].isalpha() and part[:1].isascii() and part[:1].isalpha() else ""
        )
        whole += blank + part
    return whole
