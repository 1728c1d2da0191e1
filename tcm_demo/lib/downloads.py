"""Files that people keep: under a name that every system takes whole."""

import re

from django.http import FileResponse

# what Windows refuses, what cuts a name short, and what is not seen
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')


def file_name(text: str) -> str:
    """`甲/乙县：台账.xlsx` as 甲_乙县：台账.xlsx."""
    return _NOT_IN_NAMES.sub("_", text).strip(" .") or "_"


def download(content, name: str, **more) -> FileResponse:
    """An answer that the browser saves under this name; `content` is an open binary file."""
    return FileResponse(content, as_attachment=True, filename=file_name(name), **more)
