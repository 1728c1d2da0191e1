"""Which evidence differs between two assessments, by what was kept in their inputs. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# what a use of a piece comes to: a difference in any of these is one
_TELLING = ("version", "sha256", "state", "counts", "why")


@dataclass(frozen=True)
class PieceChange:
    """A piece of evidence at a requirement (perhaps of one institution) on each side, as in inputs; None: not there."""

    old: Mapping | None
    new: Mapping | None

    @property
    def kind(self) -> str:
        """came, went, version (another file), or state (accepted, returned, expired)."""
        if self.old is None:
            return "came"
        if self.new is None:
            return "went"
        return "state" if self.old["sha256"] == self.new["sha256"] else "version"

    @property
    def either(self) -> Mapping:
        return self.new or self.old


@dataclass(frozen=True)
class Stand:
    """How a requirement stood on one side. `judged`: the office's own word, "" where its pieces decide; `pieces` None
    where the snapshot was made before pieces were noted down."""

    text: str
    state: str
    judged: str
    reason: str
    pieces: tuple[Mapping, ...] | None


@dataclass(frozen=True)
class EvidenceChange:
    """A requirement of an item on both sides; None where it was not asked for."""

    code: str
    old: Stand | None
    new: Stand | None
    pieces: tuple[PieceChange, ...]

    @property
    def recorded(self) -> bool:
        """Whether the pieces of both sides are known; where a side did not ask for it there were none."""
        return all(side is None or side.pieces is not None for side in (self.old, self.new))

    @property
    def changed(self) -> bool:
        if self.old is None or self.new is None:
            return True
        words = [(side.state, side.reason) for side in (self.old, self.new)]
        return words[0] != words[1] or bool(self.pieces) or (self.recorded and self.old.judged != self.new.judged)


def stand_of(inputs: Mapping, code: str, text: str) -> Stand:
    """Of a requirement that the side asked for."""
    detail = inputs.get("requirements", {}).get(code)
    reason = inputs["evidence_reasons"].get(code, "")
    state = inputs["evidence"].get(code, "open")
    if detail is None:
        return Stand(text, state, "", reason, None)
    return Stand(text, detail["state"], detail["judged"], reason, tuple(detail["pieces"]))


def evidence_change(code: str, old: Stand | None, new: Stand | None) -> EvidenceChange:
    change = EvidenceChange(code, old, new, ())
    if not change.recorded:
        return change
    sides = [{_key(piece): piece for piece in side.pieces} if side else {} for side in (old, new)]
    return EvidenceChange(code, old, new, tuple(_pieces(*sides)))


def _key(piece: Mapping) -> tuple:
    return piece["institution"], piece["piece"]


def _pieces(old: Mapping[tuple, Mapping], new: Mapping[tuple, Mapping]) -> Iterator[PieceChange]:
    for key in sorted(old.keys() | new.keys()):
        left, right = old.get(key), new.get(key)
        if left is None or right is None or any(left[name] != right[name] for name in _TELLING):
            yield PieceChange(left, right)
