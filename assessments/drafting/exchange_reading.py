"""A standard's file that somebody hands in: read whichever form it has, and carried from the preview to its
confirmation in the page itself, signed for one person and county."""

from django.core import signing

from indicators.exchange.reading import ReadFile, read_yaml_bytes
from indicators.exchange.workbook_in import read_sheets
from indicators.exchange.yaml_out import yaml_text
from indicators.queries import specs_of
from indicators.services import Refused
from institutions.ledger.workbook import LedgerUnreadable, read_workbook
from institutions.models import County

MAX_BYTES = 5 * 1024 * 1024
# how long a preview can be confirmed (seconds)
_PATIENCE = 3600
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")


def read_upload(data: bytes, name: str, county: County) -> ReadFile:
    """What the file says, its faults in the order of the file. Raises Refused where it cannot be read at all."""
    if len(data) > MAX_BYTES:
        raise Refused(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像是标准文件。请用本系统导出的文件修改后再上传。")
    specs = specs_of(county.code)
    if not data.startswith(_WORKBOOKS):
        return read_yaml_bytes(data, name, specs)
    try:
        # in a process of its own: it is a stranger's file
        sheets = read_workbook(data)
    except LedgerUnreadable as unreadable:
        raise Refused(str(unreadable).replace("台账", "标准")) from unreadable
    return read_sheets(sheets, specs)


def packed(read: ReadFile, county: County, by) -> str:
    """For a hidden field of the preview; only the same person gets it back, for the same county, within the hour."""
    text = yaml_text(read.content, read.elements, read.checks)
    # written out it may be more than is taken in again: better said now than when it is confirmed
    if read_yaml_bytes(text.encode(), "标准", specs_of(county.code)).faults:
        raise Refused("文件里的内容太多，不像是标准。请删去与标准无关的内容，或分成几个标准导入。")
    return signing.dumps(text, salt=_salt(county, by), compress=True)


def unpacked(sealed: str, county: County, by) -> ReadFile:
    """Read anew, since elements may have come or gone. Raises Refused."""
    try:
        text = signing.loads(sealed, salt=_salt(county, by), max_age=_PATIENCE)
    except signing.BadSignature:
        told = "核对的结果已经失效（超过 1 小时，或换了账号），没有写入任何内容。请重新上传。"
        raise Refused(told) from None
    return read_yaml_bytes(text.encode(), "标准", specs_of(county.code))


def _salt(county: County, by) -> str:
    return f"standard of {county.pk} by {by.pk}"
