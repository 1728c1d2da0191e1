"""What a file that somebody hands in says, whichever of its two forms it has.

A draft may lack things: what is merely unfinished does not keep the file out, what would be lost or guessed does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.contents import CheckContent, ElementContent, StandardContent
from indicators.dictionary_file import DictionaryFile, add_entries
from indicators.formula import ElementSpec
from indicators.standard_file import DEMANDED, OPTIONAL, standard_of
from indicators.tidy import tidied
from indicators.yaml_file import parse_yaml
from indicators.yaml_lines import Fault, Place

# also of the file's standard, and the county's own that go with it
OWN = ("elements", "checks")
_UNFINISHED = {"no_department", "nothing_to_judge", "not_responsible", "nested_group", "formula", "item_count"}
_MAY_BE_BLANK = {"title", "requirement", "document", "items", "formula", "target", "scope"}


@dataclass
class ReadFile:
    """`faults`: why nothing of it is taken. `unfinished`: what the draft will still lack.

    Where there are no faults, `content` is there, tidied; `elements` and `checks` are the own ones that came along.
    """

    content: StandardContent | None = None
    elements: list[ElementContent] = field(default_factory=list)
    checks: list[CheckContent] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unfinished: list[Fault] = field(default_factory=list)


def read_yaml_bytes(data: bytes, name: str, specs: Mapping[str, ElementSpec]) -> ReadFile:
    """A YAML file called `name`; `specs`: the elements that the county has."""
    faults: list[Fault] = []
    top = parse_yaml(data, name, faults)
    read = read_tree(top, specs, faults) if top else ReadFile(faults=faults)
    read.faults.sort(key=lambda fault: fault.line)
    return read


def read_tree(top: Place, specs: Mapping[str, ElementSpec], faults: list[Fault]) -> ReadFile:
    """As `read_yaml_bytes`, of a file that was opened; `faults` is the list that `top` adds to."""
    fields = top.fields("文件", DEMANDED, (*OPTIONAL, *OWN))
    dictionary = DictionaryFile(specs=dict(specs), readable=True)
    add_entries(fields, dictionary, faults, own=True)
    content = standard_of(fields, dictionary)
    unfinished = [fault for fault in faults if _is_unfinished(fault)]
    wrong = [fault for fault in faults if not _is_unfinished(fault)]
    if wrong or content is None:
        return ReadFile(faults=wrong)
    own = dictionary.content
    return ReadFile(tidied(content), own.elements, own.checks, unfinished=unfinished)


def _is_unfinished(fault: Fault) -> bool:
    return fault.code in _UNFINISHED or (fault.code == "blank" and fault.key in _MAY_BE_BLANK)
