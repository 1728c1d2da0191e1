"""Where the next version of what came back goes, right at its use in the panel of an item's evidence."""

from collections.abc import Iterable
from dataclasses import replace

from assessments.enums import PlacementState
from assessments.evidence.states import RequirementState
from assessments.models import Placement
from assessments.uploads.area import upload_area
from assessments.views.evidence_uses import UseRow
from assessments.views.frame import Frame


class Mends:
    """Areas for returned pieces, for a person who works on the item. One query at most. A page has one area for a
    piece, however often it came back: no two have the same id."""

    def __init__(self, frame: Frame, states: Iterable[RequirementState]):
        self.frame = frame
        returned = {use.piece_id for state in states for use in state.placements if _came_back(use)}
        self.open = returned - self._of_others(returned)

    def with_area(self, use: UseRow) -> UseRow:
        """The use with the area for the piece's next version, where it came back and is this person's to mend."""
        piece = use.placement.piece
        if not _came_back(use.placement) or piece.pk not in self.open:
            return use
        self.open.discard(piece.pk)
        return replace(use, area=upload_area(self.frame.county, replaces=piece))

    def _of_others(self, pieces: set[int]) -> set[int]:
        """Pieces that serve an item, too, on which the person does not work (access.may_work_with)."""
        if not pieces or self.frame.desk.works_on_all:
            return set()
        uses = Placement.objects.filter(piece__in=pieces).values_list(
            "piece", "requirement__item__standard", "requirement__item__number"
        )
        here, desk = self.frame.standard.pk, self.frame.desk
        return {piece for piece, standard, number in uses if standard != here or not desk.may_work_on(number)}


def _came_back(use: Placement) -> bool:
    return use.state == PlacementState.RETURNED
