"""What people give as a reason, and other short texts: one line, visible, of bearable length."""

from institutions.refusals import Refused
from tcm_demo.lib.text import is_unseen

LONGEST_REASON = 300


def plain(text: str) -> str:
    """In one line, without what nobody sees: control characters, zero widths, what turns others round."""
    return "".join(character for character in " ".join(text.split()) if not is_unseen(character)).strip()


def checked_reason(reason: str, missing: str) -> str:
    """The reason as it is kept. Raises Refused where it is empty (`missing` says so; "" lets it be) or too long."""
    reason = plain(reason)
    if not reason and missing:
        raise Refused(missing)
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由最多 {LONGEST_REASON} 字，请精简后再保存。")
    return reason
