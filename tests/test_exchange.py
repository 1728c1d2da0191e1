"""A standard goes out as YAML and as Excel and comes back as it was; what is wrong in a file is said with its place."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.contents import StandardContent
from indicators.dictionary_file import DictionaryFile, read_dictionary
from indicators.exchange.reading import ReadFile, read_yaml_bytes
from indicators.exchange.workbook_in import read_sheets
from indicators.exchange.workbook_out import workbook_of
from indicators.exchange.yaml_out import yaml_text
from indicators.loader import ELEMENTS_FILE
from indicators.standard_file import read_standard
from indicators.tidy import tidied
from institutions.ledger import worker
from institutions.ledger.workbook import SheetRows, read_workbook
from tcm_demo.lib.text import plain
from tests.exchange_contents import checks, choices, contents, elements, raw_texts

# where the reader of ledgers finds the other file of its process
sys.path.append(str(Path(worker.__file__).parent))

STANDARDS = sorted(Path("fixtures/standards").glob("*.yaml"))
SLOW = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def dictionary() -> DictionaryFile:
    return read_dictionary(ELEMENTS_FILE, [])


def through_yaml(content: StandardContent, specs=None, *own) -> ReadFile:
    return read_yaml_bytes(yaml_text(content, *own).encode(), "标准.yaml", specs or {})


def sheets_of(data: bytes) -> list[SheetRows]:
    """As read_workbook, without a process of its own, whose start takes longer than all the rest."""
    return [SheetRows(**sheet) for sheet in worker.read(data, lambda: python_calamine)["sheets"]]


@pytest.mark.parametrize("path", STANDARDS, ids=lambda path: path.stem)
def test_every_standard_comes_back_from_yaml_and_from_excel(path, dictionary):
    content = read_standard(path, dictionary, [])
    for read in (
        through_yaml(content, dictionary.specs),
        read_sheets(read_workbook(workbook_of(content)), dictionary.specs),
    ):
        assert (read.faults, read.unfinished) == ([], [])
        assert read.content == content
        assert read.content.digest() == content.digest()


@SLOW
@given(contents())
def test_any_standard_comes_back_from_yaml(content):
    read = through_yaml(content)
    assert read.faults == []
    assert read.content == content


@SLOW
@given(contents())
def test_any_standard_comes_back_from_excel(content):
    read = read_sheets(sheets_of(workbook_of(content)), {})
    assert read.faults == []
    assert read.content == content


@SLOW
@given(
    contents(),
    st.lists(elements, max_size=2, unique_by=lambda e: plain(e.name)),
    choices,
    st.lists(checks, max_size=1),
)
def test_elements_of_its_own_go_with_it(content, figures, choice, rules):
    taken = [each for each in {each.code: each for each in figures}.values() if each.name != choice.name]
    own = ([*taken, choice], rules)
    for read in (through_yaml(content, None, *own), read_sheets(sheets_of(workbook_of(content, *own)), {})):
        assert read.faults == []
        assert (read.elements, read.checks) == own


@SLOW
@given(contents(), raw_texts)
def test_what_no_file_could_keep_is_put_right_when_it_is_entered(content, text):
    once = tidied(replace(content, title=text, source_number=f" {text}\r\n"))
    assert tidied(once) == once
    assert through_yaml(once).content == once
