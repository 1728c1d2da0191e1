"""Changing one part of a county's own draft, where nobody else has changed that part meanwhile."""

from collections.abc import Callable

from assessments.drafting.parts import Part, fingerprint
from indicators.contents import StandardContent
from indicators.drafts import STALE, save_draft
from indicators.models import Standard
from indicators.queries import content_of
from indicators.services import Refused

# so often a change of another part may come in between
_TRIES = 4


class ChangedMeanwhile(Refused):
    """Somebody else has changed the same part since the person opened the page."""

    def __init__(self):
        super().__init__("这部分内容在您打开以后又有人改过，还没有保存。您填的内容仍在下面，请先核对别人改了什么。")


def change_part(
    standard: Standard, part: Part, edit: Callable[[StandardContent], StandardContent], *, seen: str, by
) -> Standard:
    """Save the draft as `edit` makes it of what is stored. `seen`: fingerprint of the part that the person had in
    front of them. Raises ChangedMeanwhile, Refused; what `edit` raises."""
    for _ in range(_TRIES):
        stored = Standard.objects.filter(pk=standard.pk).first()
        if stored is None:
            raise Refused("这份草稿已被删除。")
        content = content_of(stored)
        if fingerprint(part(content)) != seen:
            raise ChangedMeanwhile
        try:
            return save_draft(stored, edit(content), seen=stored.digest, by=by)
        except Refused as refused:
            # another part was changed between reading and saving
            if str(refused) != STALE:
                raise
    raise Refused(STALE)
