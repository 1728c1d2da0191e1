"""An institution's share of a requirement on a page: its pieces, and where it hands in what is missing."""

from dataclasses import dataclass

from assessments.evidence.shares import Share
from assessments.models import Placement
from assessments.uploads.area import UploadArea, upload_area
from assessments.views.evidence_uses import UseRow, use_row
from institutions.models import County


@dataclass(frozen=True)
class ShareRow:
    """`area`: where its files go, None for who may only look; `mends`: the returned piece of which `area` takes the
    next version; `hands_in`: whether this person may."""

    share: Share
    uses: list[UseRow]
    area: UploadArea | None
    mends: Placement | None
    hands_in: bool

    @property
    def words(self) -> str:
        """On the button that opens `area`."""
        if self.mends:
            return "更换新版本"
        return "上传" if not self.share.placements else "再传一份"


class ShareRows:
    """Makes the rows of one page; no queries. `checks`: the person checks evidence; `hands_in`: may upload here."""

    def __init__(self, county: County, user, *, checks: bool, hands_in: bool):
        self.county, self.user, self.checks, self.hands_in = county, user, checks, hands_in
        self.mended: set[int] = set()

    def row(self, share: Share) -> ShareRow:
        mends = self._mends(share) if self.hands_in else None
        area = None
        if mends:
            area = upload_area(self.county, replaces=mends.piece)
        elif self.hands_in:
            area = upload_area(self.county, requirement=share.of.requirement, institution=share.institution)
        uses = [use_row(share.of, use, self.user, self.county, self.checks) for use in share.placements]
        return ShareRow(share, uses, area, mends, self.hands_in)

    def _mends(self, share: Share) -> Placement | None:
        """What came back last and is still owed. One page has one area for a piece: no two have the same id."""
        found = share.returned[-1] if share.owes and share.returned else None
        if found is None or found.piece_id in self.mended:
            return None
        self.mended.add(found.piece_id)
        return found
