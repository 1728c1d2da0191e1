"""What counties come to together: their contributions added up (design: any level is a merge of the one below)."""

from collections.abc import Mapping
from dataclasses import replace

from assessments.scoring.as_json import CriterionWriter
from assessments.scoring.contribution import Contribution, Contributions, Part, Values, merge
from assessments.scoring.finish import CriterionResult
from assessments.scoring.program import Program


def merged(program: Program, counties: Mapping[str, Contributions]) -> Contributions:
    """By county code -> of all of them. Institutions are named `county/institution`: two counties may use one code.

    Without any county: what nobody gives.
    """
    named = [_of_county(county, contributions) for county, contributions in counties.items()]
    return merge([program.contribute([]), *named])


class MergedWriter(CriterionWriter):
    """Writes what counties come to together. Of institutions only the names are known: what each of them lacks, and
    which have most room, stands on their county's pages."""

    def __init__(self, program: Program):
        super().__init__(program, read=lambda scope: [])

    def gaps(self, result: CriterionResult, code: str) -> list[dict]:
        return []

    def room(self, result: CriterionResult) -> list[dict]:
        return []


def _of_county(county: str, contributions: Contributions) -> Contributions:
    return tuple(_named(county, each) for each in contributions)


def _named(county: str, given: Contribution) -> Contribution:
    return replace(
        given,
        parts=tuple(_part(county, part) for part in given.parts),
        target_parts=tuple(_part(county, part) for part in given.target_parts),
        failing=tuple(f"{county}/{code}" for code in given.failing),
        unknown=tuple(f"{county}/{code}" for code in given.unknown),
    )


def _part(county: str, part: Part) -> Part:
    if not isinstance(part, Values):
        return part
    return Values(tuple((value, f"{county}/{code}") for value, code in part.pairs))
