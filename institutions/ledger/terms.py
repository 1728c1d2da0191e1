"""On what terms a file comes in: whose figures it may bring, for which round, what its bringer may change; and what the
bringer decided. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from institutions.enums import ImportWay


@dataclass(frozen=True)
class Terms:
    """`round`: institutions.models.Round, or None where the period has none. See institutions/import_terms.py."""

    round: object = None
    # a code of problems.SENTENCES where no figures can come in (there is no round, say), and what its sentence needs
    obstacle: str = ""
    facts: Mapping = field(default_factory=dict)
    # the command line's: figures are accepted at once
    accepts: bool = False
    changes_registry: bool = False
    # may return accepted figures and change submitted ones, as who checks may
    returns: bool = False
    # codes of the institutions whose figures the file may bring; None: all of the county
    institutions: Collection[str] | None = None
    ways: tuple[ImportWay, ...] = ()

    @property
    def is_restricted(self) -> bool:
        return self.institutions is not None


@dataclass(frozen=True)
class Decision:
    """What somebody decided about an import: what becomes of its figures, the words that explain the cautions of all
    its reports, and why accepted figures are returned. `unchanged`: drafts that hold just what the file holds are
    submitted with the others; a workbook filled in advance has many that nobody has looked at."""

    way: ImportWay | None = None
    words: str = ""
    reason: str = ""
    unchanged: bool = False
