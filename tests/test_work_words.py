"""Progress notes and the discussion of an item: kept as they are written; who is called by @ is told."""

import pytest

from assessments.enums import ItemStepKind
from assessments.models import ItemStep
from assessments.work.services import write_comment, write_note
from institutions.enums import Role
from institutions.models import Grant
from institutions.refusals import Refused
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.notices.models import Notice
from tests.working import campaign_of, item_of, url, words
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def liaison(client, world):
    client.force_login(world.users["liaison"])
    return client


def note(world: World, text: str, number: str = "1") -> ItemStep:
    return write_note(campaign_of(world), item_of(world, number), text=text, by=world.users["liaison"], period=PERIOD)


def comment(world: World, text: str, number: str = "1", by: str = "office"):
    return write_comment(campaign_of(world), item_of(world, number), text=text, by=world.users[by], period=PERIOD)


# ---- progress notes ----


def test_a_note_stands_on_the_page_the_latest_first(liaison):
    for text in ("已报财政局", "已批复\n<i>待公示</i>"):
        assert liaison.post(url("item-note", "1"), {"text": text}).url == url("item", "1") + "#notes"
    html = words(liaison.get(url("item", "1")))
    notes = html[html.index('id="notes"') : html.index('id="discussion"')]
    assert notes.index("已批复<br>&lt;i&gt;待公示&lt;/i&gt;") < notes.index("已报财政局")
    assert Event.objects.filter(action="write_note").earliest("pk").after == {"text": "已报财政局"}


@pytest.mark.parametrize(
    ("text", "sentence"), [(" \n ", "还没有写内容"), ("长" * 1001, "最多 1,000 字，现在是 1,001 字")]
)
def test_a_note_that_cannot_be_is_said_in_place(liaison, text, sentence):
    html = words(liaison.post(url("item-note", "1"), {"text": text}))
    notes = html[html.index('id="notes"') : html.index('id="discussion"')]
    assert sentence in notes
    assert text.strip() in notes
    assert "autofocus" in notes
    assert not ItemStep.objects.exists()


def test_only_some_notes_stand_on_the_page(liaison, world):
    for number in range(7):
        note(world, f"第 {number} 步")
    html = words(liaison.get(url("item", "1")))
    notes = html[html.index('id="notes"') : html.index('id="discussion"')]
    assert "第 6 步" in notes
    assert "第 1 步" not in notes
    assert f'{url("item-steps", "1")}?kind=note">全部进展' in notes


def test_notes_of_another_departments_item(liaison, world):
    assert liaison.post(url("item-note", "3"), {"text": "写"}).status_code == 403
    assert 'action="/c/A/small/2023/items/3/note/"' not in words(liaison.get(url("item", "3")))


# ---- discussion ----


def test_a_comment_tells_whom_it_calls(world, settings, mailoutbox, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(username="liaison").update(email="liaison@example.org", display_name="李娟")
    with django_capture_on_commit_callbacks(execute=True):
        written = comment(world, "@李娟 拨付凭证请在周五前补齐。@leadership 知悉")
    assert {person.name for person in written.told} == {"leadership", "李娟"}
    notice = Notice.objects.get(user__username="liaison")
    assert notice.sentence == (
        "office在第 1 条“财政投入”的讨论中提到您：@李娟 拨付凭证请在周五前补齐。@leadership 知悉"
    )
    assert notice.url == url("item", "1") + "#discussion"
    assert [mail.to for mail in mailoutbox] == [["liaison@example.org"]]
    assert mailoutbox[0].subject == "第 1 条“财政投入”的讨论"
    assert set(written.step.mentioned) == {"李娟", "leadership"}


def test_a_long_comment_is_quoted_in_part(world):
    comment(world, "@liaison " + "长" * 900)
    assert Notice.objects.get().sentence.endswith("长…")
    assert len(Notice.objects.get().sentence) < 200


def test_nobody_is_told_of_their_own_words(world):
    assert comment(world, "@office 记一下").told == ()
    assert not Notice.objects.exists()


def test_who_may_not_discuss_here_is_not_called(world):
    """An expert reads and keeps silent; another county's office does not exist here."""
    written = comment(world, "@expert @other_office 请看")
    assert (written.told, written.unknown) == ((), ("expert", "other_of"))


def test_who_left_is_not_called(world):
    User.objects.filter(username="liaison").update(is_active=False)
    assert comment(world, "@liaison 请看").told == ()


def test_the_page_says_who_was_told_and_who_was_not(client, world):
    client.force_login(world.users["office"])
    html = words(client.post(url("item-comment", "3"), {"text": "@liaison @王五 请看"}, follow=True))
    assert "已发表，并通知 liaison。" in html
    assert "没有找到“@王五”所指的人" in html
    assert "提到 liaison" in html


def test_everybody_of_the_county_may_discuss_every_item(liaison, world):
    assert liaison.post(url("item-comment", "3"), {"text": "请卫健局提供口径"}).status_code == 302
    html = words(liaison.get(url("item", "3")))
    assert "请卫健局提供口径" in html
    assert '"account": "office"' in html
    assert '"account": "liaison"' not in html  # nobody calls oneself


@pytest.mark.parametrize("name", ["office", "reviewer", "liaison", "leadership"])
def test_who_may_discuss_reads_the_discussion(client, world, name):
    comment(world, "先不要给省里看")
    client.force_login(world.users[name])
    html = words(client.get(url("item", "1")))
    assert 'id="discussion"' in html
    assert html.count("先不要给省里看") == 2  # there, and among what happened
    assert "先不要给省里看" in words(client.get(url("item-steps", "1") + "?kind=comment"))


@pytest.mark.parametrize("name", ["expert", "prefecture"])
def test_who_may_not_discuss_learns_nothing_of_it(client, world, name):
    note(world, "已报财政局")
    comment(world, "先不要给省里看")
    client.force_login(world.users[name])
    for address in (url("item", "1"), url("item-steps", "1"), url("item-steps", "1") + "?kind=comment"):
        html = words(client.get(address))
        assert "已报财政局" in html
        for internal in ("先不要给省里看", "讨论", "discussion", "people-here"):
            assert internal not in html
    refused = client.post(url("item-comment", "1"), {"text": "写"})
    assert refused.status_code == 403
    assert "可以参加讨论" in refused.content.decode()


def test_a_discussion_reads_from_the_oldest_and_leads_to_more(client, world):
    for number in range(12):
        comment(world, f"第 {number} 句")
    client.force_login(world.users["office"])
    html = words(client.get(url("item", "1")))
    talk = html[html.index('id="discussion"') : html.index('id="steps"')]
    assert talk.index("第 2 句") < talk.index("第 11 句")
    assert "第 1 句" not in talk
    assert "更早的讨论" in talk


def test_an_empty_comment_is_refused(world):
    with pytest.raises(Refused, match="讨论还没有写内容"):
        comment(world, "  ")
    assert not ItemStep.objects.filter(kind=ItemStepKind.COMMENT).exists()


def test_one_with_two_offices_is_told_once(world):
    Grant.objects.create(user=world.users["liaison"], county=world.county, role=Role.LEADERSHIP)
    comment(world, "@liaison 请看")
    assert Notice.objects.count() == 1
