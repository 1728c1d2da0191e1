"""Loads the dictionary of data elements and a standard from their files: both whole, or nothing."""

from pathlib import Path

from django.conf import settings

from indicators import services
from indicators.contents import DictionaryContent, StandardContent
from indicators.dictionary_file import read_dictionary
from indicators.standard_file import read_standard
from indicators.yaml_lines import Fault

ELEMENTS_FILE = Path(settings.BASE_DIR, "fixtures", "elements.yaml")


class BrokenFiles(ValueError):
    """`faults` lists everything that is wrong with the files, in the order of file and line."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def load_files(standard_file: Path, elements_file: Path = ELEMENTS_FILE, *, by=None) -> services.Loaded:
    """Read, check and store both files. Raises BrokenFiles or services.Refused; then nothing was written."""
    dictionary, standard = read_files(standard_file, elements_file)
    return services.load(dictionary, standard, by=by)


def read_files(standard_file: Path, elements_file: Path = ELEMENTS_FILE) -> tuple[DictionaryContent, StandardContent]:
    """The contents of both files, free of faults. Raises BrokenFiles; touches no database."""
    of_dictionary: list[Fault] = []
    of_standard: list[Fault] = []
    dictionary = read_dictionary(Path(elements_file), of_dictionary)
    standard = read_standard(Path(standard_file), dictionary, of_standard)
    if of_dictionary or of_standard:
        faults = [sorted(each, key=lambda fault: fault.line) for each in (of_dictionary, of_standard)]
        raise BrokenFiles(faults[0] + faults[1])
    return dictionary.content, standard
