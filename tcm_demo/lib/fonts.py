"""The fonts of papers: a county's own by setting, free ones from npm in their place and for every rare character.

GB/T 9704 asks for 小标宋, 仿宋, 黑体, 楷体 and 宋体. Those may not be shipped with a program; a county puts the files
that it has a licence for into the directory of the setting REPORT_FONTS, under one of the names below. Nothing here
needs a Chinese font installed on the machine.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont, TTLibError

SUFFIXES = (".ttf", ".otf")


class FontsMissing(RuntimeError):
    """The fonts from npm are not there; the text is a Chinese sentence for people."""


@dataclass(frozen=True)
class Role:
    """A typeface that papers ask for: what it is called, how its file may be named, and which free font stands in."""

    key: str
    name: str
    file_names: tuple[str, ...]
    stand_in: str


@dataclass(frozen=True)
class Face:
    """A font file under the family name and weight that style sheets use for it."""

    family: str
    path: Path
    weight: int = 400


@dataclass(frozen=True)
class Choice:
    """What a role is set in. `own` is the county's file, None where a free font stands in; `fault` says why not its
    own although there is a file."""

    role: Role
    own: Path | None
    fault: str = ""

    @property
    def family(self) -> str:
        return f"Paper Own {self.role.key}" if self.own else self.role.stand_in

    @property
    def file_name(self) -> str:
        return self.own.name if self.own else Path(FREE[self.role.stand_in, 400]).name


_SERIF = "@expo-google-fonts/noto-serif-sc"
_SANS = "@expo-google-fonts/noto-sans-sc"
# (family, weight): file. What stands in for a role is a family of one file, so that nothing is made bold by smearing;
# tables and charts have a bold of their own. No family has the name that a font file bears itself: the other weights of
# that file would answer to it too.
FREE = {
    ("Paper Serif", 400): f"{_SERIF}/400Regular/NotoSerifSC_400Regular.ttf",
    ("Paper Serif Strong", 400): f"{_SERIF}/700Bold/NotoSerifSC_700Bold.ttf",
    ("Paper Sans Strong", 400): f"{_SANS}/700Bold/NotoSansSC_700Bold.ttf",
    ("Paper Sans", 400): f"{_SANS}/400Regular/NotoSansSC_400Regular.ttf",
    ("Paper Sans", 700): f"{_SANS}/700Bold/NotoSansSC_700Bold.ttf",
}
ROLES = (
    Role("title", "小标宋", ("小标宋", "方正小标宋", "xbs", "xiaobiaosong"), "Paper Serif Strong"),
    Role("body", "仿宋", ("仿宋", "fangsong", "simfang"), "Paper Serif"),
    Role("heading", "黑体", ("黑体", "heiti", "simhei"), "Paper Sans Strong"),
    Role("subheading", "楷体", ("楷体", "kaiti", "simkai"), "Paper Serif Strong"),
    Role("song", "宋体", ("宋体", "songti", "simsun"), "Paper Serif"),
)
# Has every character of GBK but one, and the rare ones beyond it: the last resort of every role, and the tables' font.
TABLE = "Paper Sans"
TABLE_FILE = Path(FREE[TABLE, 400]).name


def choose() -> list[Choice]:
    """Which file each role is set in on this machine, in the order of ROLES."""
    return [_choose(role, settings.REPORT_FONTS) for role in ROLES]


def _choose(role: Role, directory) -> Choice:
    own = _find(role, Path(directory)) if directory else None
    fault = _fault(own) if own else ""
    return Choice(role, None if fault else own, fault)


def _find(role: Role, directory: Path) -> Path | None:
    """The first file named as the role, with or without what usually follows the name: 仿宋_GB2312.ttf."""
    if not directory.is_dir():
        return None
    files = sorted(path for path in directory.iterdir() if path.suffix.lower() in SUFFIXES)
    return next((path for path in files if path.stem.lower().startswith(role.file_names)), None)


def _fault(path: Path) -> str:
    """Why a font file cannot be used; empty where it can."""
    try:
        with TTFont(path, lazy=True) as font:
            if ord("县") not in font.getBestCmap():
                return f"{path.name} 里没有中文字形"
            if font["OS/2"].fsType & 0x0002:
                return f"{path.name} 的授权不允许嵌入文件"
    except (TTLibError, OSError, KeyError, AssertionError):
        return f"{path.name} 不是可用的 TrueType/OpenType 字体"
    return ""


def faces(choices: list[Choice]) -> list[Face]:
    """Every file that a paper of these choices may need. Raises FontsMissing."""
    free = [Face(family, settings.NODE_MODULES / file, weight) for (family, weight), file in FREE.items()]
    if missing := {face.path.name for face in free if not face.path.is_file()}:
        raise FontsMissing(f"缺少中文字体文件 {'、'.join(sorted(missing))}。请运行 make setup 安装。")
    return free + [Face(choice.family, choice.own) for choice in choices if choice.own]


def style_sheet(choices: list[Choice]) -> str:
    """@font-face rules, and `--font-<role>` and `--font-table` to set text in. Raises FontsMissing."""
    rules = [
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f'src: url("{face.path.resolve().as_uri()}"); }}'
        for face in faces(choices)
    ]
    stacks = {choice.role.key: _stack(choice) for choice in choices} | {"table": f'"{TABLE}"'}
    lines = [f"  --font-{key}: {stack};" for key, stack in stacks.items()]
    return "\n".join([*rules, ":root {", *lines, "}"])


def _stack(choice: Choice) -> str:
    """The county's own first; a character that it lacks comes from the stand-in, then from the last resort."""
    return ", ".join(f'"{family}"' for family in dict.fromkeys([choice.family, choice.role.stand_in, TABLE]))
