"""One file is one piece at a requirement, however often it is sent."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.evidence.review_services import return_
from assessments.evidence.services import AlreadyThere, displace, place, withdraw
from assessments.models import Piece, Upload, Version
from assessments.uploads.outcome import outcome_of
from indicators.models import EvidenceRequirement
from tests.evidence_files import pdf_bytes, picture_bytes
from tests.evidence_world import hand_in, requirement, use_of
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def test_the_same_file_is_no_second_piece_at_the_same_requirement(world, tmp_path):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content, title="资金文件")
    with pytest.raises(AlreadyThere, match="同一个文件已经作为“资金文件”交过（待审核）") as refused:
        hand_in(world, tmp_path, content=content)
    assert refused.value.piece == first.piece
    assert (Piece.objects.count(), Version.objects.count()) == (1, 1)


def test_nor_is_a_copy_from_another_requirement(world, tmp_path):
    content = pdf_bytes()
    hand_in(world, tmp_path, content=content)
    copy = hand_in(world, tmp_path, "1-2", content=content)
    with pytest.raises(AlreadyThere):
        place(copy.piece, requirement("1-1"), by=world.users["liaison"])


def test_what_came_back_is_mended_not_sent_again(world, tmp_path):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content)
    return_(world.county, [use_of(first).pk], reason="缺公章", by=world.users["office"])
    with pytest.raises(AlreadyThere, match=r"已退回.*请补正后更换新版本"):
        hand_in(world, tmp_path, content=content)


@pytest.mark.parametrize("end", ["withdraw", "displace"])
def test_what_is_there_no_more_may_be_sent_again(world, tmp_path, end):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content)
    if end == "withdraw":
        withdraw(first.piece, reason="传错", by=world.users["liaison"])
    else:
        displace(use_of(first), by=world.users["liaison"])
    assert use_of(hand_in(world, tmp_path, content=content)).state == "uploaded"


def test_each_institution_has_its_own(world, tmp_path):
    EvidenceRequirement.objects.filter(code="1-2").update(institution_types=["township_centre"])
    content = picture_bytes()
    first, second = (
        hand_in(world, tmp_path, "1-2", content=content, name="馆.jpg", institution=code) for code in ("A-01", "A-02")
    )
    assert second.twins == (first.piece,), "pointed out, and taken"
    with pytest.raises(AlreadyThere):
        hand_in(world, tmp_path, "1-2", content=content, name="馆.jpg", institution="A-01")


def test_who_sends_it_again_is_led_to_the_first(client, world, tmp_path):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content)
    client.force_login(world.users["liaison"])
    sent = {"requirement": requirement("1-1").pk, "file": SimpleUploadedFile("再传.pdf", content)}
    html = client.post("/c/A/uploads/", sent, follow=True).content.decode()
    page = reverse("assessments:piece", args=["A", first.piece.pk])
    assert f'<a href="{page}">同一个文件已经作为' in html
    outcome = outcome_of(Upload.objects.get(), world.users["liaison"])
    assert (outcome.state, outcome.url) == ("refused", page)
