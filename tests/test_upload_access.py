"""Who may upload for what, and that an upload is its beginner's alone."""

import shutil

import pytest
from django.conf import settings

from assessments.evidence.demand_services import Demanded, add_requirement, withdraw_requirement
from assessments.evidence.services import withdraw
from assessments.models import Campaign, Piece, Placement, Upload
from assessments.uploads.area import upload_area
from indicators.models import EvidenceRequirement
from institutions.enums import Role
from institutions.models import Grant, Institution
from tests.evidence_files import pdf_bytes, picture_bytes
from tests.evidence_world import hand_in
from tests.uploading import HERE, TUS, begin, begun, client_of, metadata, outcome, send, sentence, uploaded
from tests.world import World, make_standard, make_world

IN_B = "/c/B/uploads/"


@pytest.fixture
def world(db) -> World:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)
    return make_world()


def of_each_centre(code: str) -> EvidenceRequirement:
    """The requirement, now asked of each township centre."""
    EvidenceRequirement.objects.filter(code=code).update(institution_types=["township_centre"])
    return EvidenceRequirement.objects.get(code=code)


def asked_by_county_b(world: World) -> EvidenceRequirement:
    campaign = Campaign.objects.get(county=world.other_county)
    item = campaign.standard.items.get(number="1")
    return add_requirement(campaign, item, Demanded("乙县自己的"), by=world.users["other_office"])


def status(world: World, name: str, **more) -> int:
    return begin(client_of(world, name), 10, **more).status_code


def test_who_works_on_the_item_may_upload_for_it(world):
    allowed = {name: status(world, name) for name in world.users}
    assert allowed == dict.fromkeys(world.users, 404) | dict.fromkeys(
        ("reviewer", "leadership", "expert", "prefecture"), 403
    ) | dict.fromkeys(("office", "liaison", "superuser"), 201)


def test_a_liaison_is_told_whose_item_it_is(world):
    answer = begin(client_of(world, "liaison"), 10, requirement="3-1")
    assert (answer.status_code, "不由您所在的部门负责" in sentence(answer)) == (403, True)


def test_a_clerk_hands_in_what_is_asked_of_their_institution(world):
    of_each_centre("3-1")
    photo = picture_bytes()
    told = uploaded(client_of(world, "clerk"), photo, name="中医馆.jpg", requirement="3-1", institution="A-01")
    assert told["state"] == "taken"
    placement = Placement.objects.get()
    assert (placement.institution.code, placement.requirement.code) == ("A-01", "3-1")


def test_a_clerk_hands_in_for_the_institutions_that_report_through_theirs(world):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["village_clinic"])
    clinic = Institution.objects.get(code="A-1000")
    clinic.manager = Institution.objects.get(code="A-01")
    clinic.save()
    assert status(world, "clerk", requirement="3-1", institution="A-1000") == 201
    assert status(world, "clerk", requirement="3-1", institution="A-1001") == 404


@pytest.mark.parametrize(
    ("requirement", "institution"),
    [("3-1", "A-02"), ("3-1", ""), ("1-1", ""), ("1-1", "A-01"), ("3-1", "B-01"), ("3-1", "nobody"), ("3-1", "A-1000")],
)
def test_a_clerk_reaches_nothing_else(world, requirement, institution):
    of_each_centre("3-1")
    assert status(world, "clerk", requirement=requirement, institution=institution) == 404


def test_what_is_asked_of_each_institution_needs_one(world):
    of_each_centre("3-1")
    institutions = {"A-01": 201, "": 404, "B-01": 404, "A-00": 404}
    assert {code: status(world, "office", requirement="3-1", institution=code) for code in institutions} == institutions
    assert status(world, "office", requirement="1-1", institution="A-01") == 404


def test_a_clerk_who_also_works_in_a_department(world):
    of_each_centre("3-1")
    Grant.objects.create(user=world.users["clerk"], county=world.county, role=Role.LEADERSHIP)
    assert status(world, "clerk", requirement="3-1", institution="A-01") == 201
    assert status(world, "clerk", requirement="3-1", institution="A-02") == 403


def test_forged_requirements(world):
    foreign = asked_by_county_b(world)
    make_standard("nobody-works-towards")
    other = EvidenceRequirement.objects.exclude(item__standard=world.standard).first()
    office = client_of(world, "office")
    for pk in (foreign.pk, other.pk, 10**12, ""):
        headers = TUS | {"Upload-Length": "10", "Upload-Metadata": metadata(filename="x.pdf", requirement=pk)}
        assert office.generic("POST", HERE, headers=headers).status_code == 404
    assert begin(client_of(world, "other_office"), 10, to=IN_B, requirement=foreign.code).status_code == 201
    assert not Upload.objects.filter(by=world.users["office"]).exists()


def test_a_requirement_that_was_taken_back(world):
    campaign, office = world.campaign, world.users["office"]
    own = add_requirement(campaign, campaign.standard.items.get(number="1"), Demanded("本县自己的"), by=office)
    client = client_of(world, "office")
    url = begun(client, 10, requirement=own.code)
    withdraw_requirement(campaign, own, by=office)
    assert begin(client, 10, requirement=own.code).status_code == 404
    answer = send(client, url, 0, b"12345")
    assert (answer.status_code, "已经取消" in sentence(answer)) == (404, True)


def test_an_upload_is_its_beginners_alone(world):
    liaison = client_of(world, "liaison")
    url = begun(liaison, 100)
    send(liaison, url, 0, b"x" * 10)
    for name in world.users.keys() - {"liaison"}:
        other = client_of(world, name)
        assert other.head(url, headers=TUS).status_code == 404, name
        assert other.get(url).status_code == 404, name
        assert send(other, url, 10, b"y").status_code == 404, name
        assert other.delete(url, headers=TUS).status_code == 404, name
    assert liaison.head(url.replace("/c/A/", "/c/B/"), headers=TUS).status_code == 404
    assert outcome(liaison, url)["received"] == 10


def test_who_lost_the_grant_goes_on_with_nothing(world):
    liaison = client_of(world, "liaison")
    url = begun(liaison, 100)
    Grant.objects.filter(user=world.users["liaison"]).update(department="卫生健康局")
    assert send(liaison, url, 0, b"x").status_code == 403
    Grant.objects.filter(user=world.users["liaison"]).delete()
    assert send(liaison, url, 0, b"x").status_code == 404
    assert liaison.get(url).status_code == 404


# ---- new versions ----


def test_who_may_work_with_a_piece_may_replace_it(world, tmp_path):
    piece = hand_in(world, tmp_path, "3-1", by="office").piece
    allowed = {name: status(world, name, requirement="", replaces=piece.pk) for name in world.users}
    assert allowed == dict.fromkeys(world.users, 404) | dict.fromkeys(
        ("reviewer", "leadership", "expert", "prefecture", "liaison"), 403
    ) | dict.fromkeys(("office", "superuser"), 201)
    assert status(world, "other_office", to=IN_B, requirement="", replaces=piece.pk) == 404
    # a requirement that one may work on opens no other piece
    assert status(world, "liaison", requirement="1-1", replaces=piece.pk) == 403


def test_a_withdrawn_piece_gets_no_new_version(world, tmp_path):
    piece = hand_in(world, tmp_path).piece
    office = client_of(world, "office")
    content = pdf_bytes()
    url = begun(office, len(content), requirement="", replaces=piece.pk)
    withdraw(piece, reason="传错了", by=world.users["office"])
    answer = begin(office, 10, requirement="", replaces=piece.pk)
    assert (answer.status_code, "已经撤回" in sentence(answer)) == (409, True)
    send(office, url, 0, content)
    told = outcome(office, url)
    assert (told["state"], "已经撤回" in told["sentence"]) == ("refused", True)
    assert Piece.objects.get().versions.count() == 1


# ---- what the person is told of others' pieces ----


def test_a_clerk_hears_of_the_same_file_elsewhere_but_not_whose(world, tmp_path):
    of_each_centre("3-1")
    content = picture_bytes()
    hand_in(world, tmp_path, "1-1", content=content, name="别人的.jpg")
    clerk = {"name": "中医馆.jpg", "requirement": "3-1", "institution": "A-01"}
    told = uploaded(client_of(world, "clerk"), content, **clerk)
    assert told["twins"] == ["本县（区）别处已有同一个文件，请核对是否用错。"]
    again = uploaded(client_of(world, "office"), content, **(clerk | {"institution": "A-02"}))
    assert sorted(again["twins"]) == [
        "与“中医馆”（第 3 条，东镇卫生院）是同一个文件，请核对是否传重。",
        "与“别人的”（第 1 条）是同一个文件，请核对是否传重。",
    ]


def test_areas_on_a_page_are_told_apart(world, tmp_path):
    one, two = EvidenceRequirement.objects.filter(code__in=["1-1", "3-1"])
    centre = Institution.objects.get(code="A-01")
    piece = hand_in(world, tmp_path).piece
    areas = [
        upload_area(world.county, requirement=one),
        upload_area(world.county, requirement=two),
        upload_area(world.county, requirement=two, institution=centre),
        upload_area(world.county, replaces=piece),
    ]
    assert len({area.key for area in areas}) == 4
    assert (areas[2].url, areas[2].requirement, areas[2].institution) == ("/c/A/uploads/", two.pk, "A-01")
