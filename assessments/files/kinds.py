"""What a file is: by its content alone. Its name gives no right; it only chooses between names for one content."""

from dataclasses import dataclass
from pathlib import Path

from assessments.files.apart.answers import Refused
from assessments.files.apart.process import Busy, Stopped, ask
from assessments.files.enums import FileKind
from assessments.files.names import clean_name, extension_of
from assessments.files.refusals import BadFile

INSPECT_SECONDS = 60
# Extensions that say the same as ours of the content; those of WPS stay, as what people know the file by.
_SAME = {
    "jpg": {"jpg", "jpeg", "jpe", "jfif"},
    "tif": {"tif", "tiff"},
    "docx": {"docx", "dotx"},
    "xlsx": {"xlsx", "xltx"},
    "pptx": {"pptx", "ppsx", "potx"},
    "doc": {"doc", "dot", "wps", "wpt"},
    "xls": {"xls", "xlt", "et", "ett"},
    "ppt": {"ppt", "pps", "pot", "dps", "dpt"},
}
_OF_WPS = {"wps", "et", "dps"}
# What a computer would run, or a browser show as a page of ours, when somebody opens the download.
_DANGEROUS_NAMES = set(
    "exe com scr pif bat cmd ps1 vbs vbe js jse mjs wsf wsh hta msi jar lnk reg cpl dll sh py php jsp asp aspx "
    "html htm xhtml shtml mht mhtml svg svgz xml swf url docm dotm xlsm xltm xlam pptm ppsm".split()
)


@dataclass(frozen=True)
class Kind:
    """`extension` is ours, by the content; `pages` of a PDF or picture, None where only Office could count them.

    `notes`: Chinese clauses on what the person should know, though the file is taken.
    """

    kind: FileKind
    extension: str
    mime: str
    pages: int | None
    notes: tuple[str, ...] = ()


def same_extensions(extension: str) -> set[str]:
    """How files of this content may be called: jpg -> jpg, jpeg, jpe, jfif."""
    return _SAME.get(extension, {extension})


def kind_of(path: Path, name: str) -> Kind:
    """Look at the whole file; `name` is what the person called it. Raises BadFile.

    Nothing is written or taken out. Memory and time are bounded whatever the file holds; its size is the caller's
    matter.
    """
    shown = clean_name(name)
    called = extension_of(shown).lstrip(".").lower()
    if called in _DANGEROUS_NAMES:
        raise BadFile(
            f"“{shown}”的扩展名 .{called} 是程序、宏或网页所用的，不能接收。请另存为 PDF、图片或 Office 文件后再上传。"
        )
    try:
        facts, _ = ask("inspect", path, INSPECT_SECONDS)
    except Refused as refused:
        raise BadFile(f"“{shown}”{refused}") from refused
    except Busy as busy:
        raise BadFile(f"“{shown}”还没有检查：服务器正忙。请稍后再上传。") from busy
    except Stopped as stopped:
        raise BadFile(f"“{shown}”内容过大或结构异常，没能检查完。请在电脑上打开，另存为新的文件后再上传。") from stopped
    extension, notes = facts["extension"], facts["notes"]
    if called in same_extensions(extension):
        if called in _OF_WPS:
            extension = called
    elif called:
        notes = [*notes, f"名字写的是 .{called}，内容其实是 .{extension}，按 .{extension} 处理"]
    return Kind(FileKind(facts["kind"]), extension, facts["mime"], facts["pages"], tuple(notes))
