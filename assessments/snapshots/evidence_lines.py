"""Evidence that differs, in words: the requirement, how it stood, and the pieces that made it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assessments.enums import EvidenceState, PlacementState
from assessments.snapshots.pieces import EvidenceChange, PieceChange, Stand

NOT_RECORDED = "当时未记录材料明细"
SHA_SHOWN = 12
KINDS = {"came": "新增材料", "went": "撤下材料", "version": "更换版本", "state": "状态变化"}
_LABELS = {**dict(EvidenceState.choices), "not_applicable": "不适用"}


@dataclass(frozen=True)
class PieceSide:
    """A piece on one side: `file_name` and `version` (1, 2, …), the first of its SHA-256, and what it came to."""

    file_name: str
    version: str
    sha256: str
    words: str


@dataclass(frozen=True)
class PieceLine:
    title: str
    institution: str
    kind: str
    kind_label: str
    old: PieceSide | None
    new: PieceSide | None


@dataclass(frozen=True)
class StandLine:
    """`state` and `label` of the requirement; `reason`: the office's own words."""

    state: str
    label: str
    reason: str


@dataclass(frozen=True)
class EvidenceLine:
    code: str
    text: str
    old: StandLine | None
    new: StandLine | None
    note: str
    pieces: tuple[PieceLine, ...]


def evidence_lines(
    changes: Iterable[EvidenceChange], titles: tuple[str, str], name: Callable[[str], str]
) -> tuple[EvidenceLine, ...]:
    """Those that differ. `titles`: of the two sides; `name` of an institution by its code."""
    return tuple(_line(change, titles, name) for change in changes if change.changed)


def _line(change: EvidenceChange, titles: tuple[str, str], name: Callable[[str], str]) -> EvidenceLine:
    return EvidenceLine(
        code=change.code,
        text=(change.new or change.old).text,
        old=_stand(change.old),
        new=_stand(change.new),
        note=_note(change, titles),
        pieces=tuple(_piece(piece, name) for piece in change.pieces),
    )


def _note(change: EvidenceChange, titles: tuple[str, str]) -> str:
    for side, other in ((change.old, titles[1]), (change.new, titles[0])):
        if side is None:
            return f"只有“{other}”要求这一项"
    return "" if change.recorded else NOT_RECORDED


def _stand(stand: Stand | None) -> StandLine | None:
    return stand and StandLine(stand.state, _LABELS[stand.state], stand.reason)


def _piece(change: PieceChange, name: Callable[[str], str]) -> PieceLine:
    either = change.either
    where = name(either["institution"]) if either["institution"] else ""
    return PieceLine(either["title"], where, change.kind, KINDS[change.kind], _side(change.old), _side(change.new))


def _side(piece: Mapping | None) -> PieceSide | None:
    if piece is None:
        return None
    words = "计入" if piece["counts"] else f"不计入：{piece['why'] or PlacementState(piece['state']).label}"
    return PieceSide(piece["file_name"], str(piece["version"] or ""), piece["sha256"][:SHA_SHOWN], words)
