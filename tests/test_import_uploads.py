"""Around the import: headings that are remembered, counties, and uploads on their way in."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from institutions.enums import ImportWay, Role
from institutions.ledger.terms import Decision
from institutions.ledger.workbook import LedgerUnreadable
from institutions.models import HeadingMatch, LedgerUpload, Report
from institutions.period import Period
from institutions.queries import accepted_values
from institutions.services import (
    LedgerRefused,
    create_county,
    drop_upload,
    grant,
    import_ledger,
    receive_ledger,
    remember_headings,
    write_upload,
)
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.ledgers import CENTRE, CLINIC, make_county, registry, sheet, xlsx
from tests.wizard import open_round

HEAD = ["机构编码", "总诊疗人次", "中医诊疗人次"]
FIGURES = sheet("数据", HEAD, ["T1", 100, 40], ["V1", 30, ""])
BOTH = registry(CENTRE, CLINIC)


@pytest.fixture
def county(db):
    return make_county()


@pytest.fixture
def office(county):
    user = User.objects.create_user("office")
    grant(user, county, Role.COUNTY_OFFICE)
    return user


def bring(county, *sheets):
    return import_ledger(county, "2023", xlsx(*sheets))


def test_headings_matched_by_hand_are_remembered_until_they_are_forgotten(county, office):
    odd = sheet("数据", ["机构编码", "门诊总量（人次）"], ["T1", 100])
    assert not bring(county, BOTH, odd).plan.reports
    remember_headings(county, {"门诊总量（人次）": "visits", "备注二": ""}, by=office)
    assert dict(HeadingMatch.objects.values_list("heading", "element_code")) == {
        "门诊总量(人次)": "visits",
        "备注二": "",
    }
    bring(county, sheet("数据", ["机构编码", "门诊总量 [人次]"], ["T1", 100]))
    assert accepted_values(county, "2023") == {"T1": {"visits": 100}}
    remember_headings(county, {"门诊总量（人次）": None}, by=office)
    assert list(HeadingMatch.objects.values_list("heading", flat=True)) == ["备注二"]
    assert Event.objects.filter(action="remember_headings").count() == 2
    with pytest.raises(ValueError, match="数据元"):
        remember_headings(county, {"甲": "no_such_element"}, by=office)


def test_a_county_is_made_with_a_sound_code_only(db):
    create_county("Z", "丙县")
    for code in ("Z", "a b", ""):
        with pytest.raises(ValidationError):
            create_county(code, "丁县")
    assert Event.objects.filter(action="create_county").count() == 1


def upload_of(*sheets, name="台账.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, xlsx(*sheets))


DECISION = Decision(ImportWay.SUBMIT, words="首次导入。")


def test_an_upload_is_kept_looked_at_and_written_once(county, office):
    open_round(county)
    upload = receive_ledger(county, "2023", upload_of(BOTH, FIGURES), by=office)
    assert (upload.file_name, upload.period, upload.written_at) == ("台账.xlsx", "2023", None)
    assert Report.objects.count() == 0
    outcome = write_upload(upload, by=office, decision=DECISION)
    assert outcome.written
    upload.refresh_from_db()
    assert upload.written_at is not None
    assert upload.outcome["values_new"] == 3
    assert write_upload(upload, by=office, decision=DECISION) is None
    drop_upload(upload, by=None)
    assert LedgerUpload.objects.count() == 1


def test_a_new_upload_takes_the_place_of_one_that_was_not_written(county, office, django_capture_on_commit_callbacks):
    first = receive_ledger(county, "2023", upload_of(BOTH), by=office)
    path, storage = first.file.name, first.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        second = receive_ledger(county, Period.parse("2023"), upload_of(BOTH, FIGURES), by=office)
    assert list(LedgerUpload.objects.all()) == [second]
    assert not storage.exists(path)


def test_an_upload_that_cannot_be_read_is_not_kept(county, office):
    with pytest.raises(LedgerUnreadable):
        receive_ledger(county, "2023", SimpleUploadedFile("台账.xlsx", b"MZ" + bytes(100)), by=office)
    assert LedgerUpload.objects.count() == 0


def test_an_upload_with_problems_stays_unwritten(county, office):
    upload = receive_ledger(county, "2023", upload_of(BOTH, sheet("数据", HEAD, ["T1", "若干", ""])), by=office)
    with pytest.raises(LedgerRefused):
        write_upload(upload, by=office, decision=DECISION)
    upload.refresh_from_db()
    assert upload.written_at is None
