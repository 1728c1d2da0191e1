"""The text of a plan that somebody hands in, read in a process of its own."""

from pathlib import Path

from assessments.files.apart.answers import Refused
from assessments.files.apart.process import Busy, Stopped, ask
from assessments.files.names import clean_name
from assessments.files.refusals import BadFile

READ_SECONDS = 60


def text_of_plan(path: Path, name: str) -> str:
    """Of .txt (UTF-8, UTF-16, GB 18030), .docx or a PDF with text; `name` is what the person called it.

    A paragraph to a line (a PDF's lines as printed), a table's cells between tabs, Word's own numbers written out.
    Raises BadFile with a Chinese sentence.
    """
    shown = clean_name(name)
    try:
        return ask("plan_text", path, READ_SECONDS)[1].decode("utf-8")
    except Refused as refused:
        raise BadFile(f"“{shown}”{refused}") from refused
    except Busy as busy:
        raise BadFile(f"“{shown}”还没有读：服务器正忙。请稍后再试。") from busy
    except Stopped as stopped:
        raise BadFile(
            f"“{shown}”内容过大或结构异常，没能读完。请在电脑上打开，另存为新的文件，或者把正文粘贴进来。"
        ) from stopped
