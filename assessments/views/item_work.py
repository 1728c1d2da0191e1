"""What an item's page shows of the work: person in charge, statement, notes, discussion, what happened."""

from django.core.exceptions import PermissionDenied

from assessments.access import NOT_YOUR_ITEM, Desk
from assessments.enums import ItemStepKind
from assessments.models import ItemWork, Statement
from assessments.views.frame import Frame
from assessments.work.forms import ChargeForm, WordsForm
from assessments.work.queries import statement_of, steps_of, who_may_be_in_charge, who_may_discuss
from assessments.work.statement_services import LONGEST, NOTHING_SEEN
from indicators.models import Item
from indicators.naming import item_name
from institutions.access import READ_ONLY
from institutions.enums import Role

# so many notes and comments stand on the page; the older ones are a click away
NOTES, COMMENTS, STEPS = 5, 10, 10
ADDRESSES = ("statement", "note", "comment", "charge", "steps")
MAY_NOT_DISCUSS = "只有创建办、部门联络员和领导可以参加讨论。"


def why_not_work(frame: Frame, number: str) -> str:
    """Why this person may not work on the item of this number; "" for who may."""
    if frame.desk.may_work_on(number):
        return ""
    return NOT_YOUR_ITEM if Role.LIAISON in frame.desk.roles else READ_ONLY


def demand_work(frame: Frame, number: str) -> None:
    """Raises PermissionDenied for who may not work on the item."""
    if sentence := why_not_work(frame, number):
        raise PermissionDenied(sentence)


def work_addresses(frame: Frame, number: str) -> dict[str, str]:
    return {name: frame.url(f"item-{name}", number=number) for name in ADDRESSES}


def step_kinds(desk: Desk) -> list[ItemStepKind]:
    """The kinds of steps that this person may read: the discussion is the county's own (experts, the prefecture)."""
    return [kind for kind in ItemStepKind if kind != ItemStepKind.COMMENT or desk.may_discuss]


def item_crumbs(frame: Frame, item: Item) -> list[tuple[str, str]]:
    """Above a page that belongs to an item's."""
    return [
        ("条目", frame.url("items")),
        (f"{item_name(item.number)} {item.title}", frame.url("item", number=item.number)),
    ]


def statement_facts(latest: Statement | None, typed: str | None = None, apart: bool = False) -> dict:
    """The statement's text box: what stands in it, and on which text it is typed."""
    number, edition = (latest.number, latest.edition) if latest else NOTHING_SEEN
    text = typed if typed is not None else (latest.text if latest else "")
    return {"latest": latest, "text": text, "number": number, "edition": edition, "apart": apart, "longest": LONGEST}


def work_context(frame: Frame, item: Item, work: ItemWork, **given) -> dict:
    """`given`: what somebody typed and could not be stored: statement (as `statement_facts`), statement_fault,
    note_form, comment_form, charge_form. Who may not discuss reads nothing of the discussion. Ten queries for the
    office, fewer for others.
    """
    desk, campaign = frame.desk, frame.campaign
    notes = steps_of(campaign, item, kinds=[ItemStepKind.NOTE], most=NOTES)
    kinds = step_kinds(desk)
    context = {
        "urls": work_addresses(frame, item.number),
        "may_work": desk.may_work_on(item.number),
        "may_discuss": desk.may_discuss,
        "statement": statement_facts(statement_of(campaign, item, frame.period.text)),
        "notes": notes,
        "note_form": note_form(),
        "step_page": steps_of(campaign, item, kinds=kinds, most=STEPS),
        "kinds": [(kind.value, kind.label) for kind in kinds],
    }
    if desk.may_discuss:
        context |= _discussion(frame, item)
    if desk.works_on_all and "charge_form" not in given:
        context["charge_form"] = ChargeForm(work=work, people=who_may_be_in_charge(campaign, item))
    return context | given


def _discussion(frame: Frame, item: Item) -> dict:
    """`people`: whom one may call, oneself left out."""
    comments = steps_of(frame.campaign, item, kinds=[ItemStepKind.COMMENT], most=COMMENTS)
    people = [each for each in who_may_discuss(frame.campaign) if each.user != frame.user]
    return {
        "comments": comments.steps[::-1],
        "older_comments": comments.older,
        "comment_form": comment_form(),
        "people": [{"name": each.name, "account": each.account, "does": each.does} for each in people],
    }


def note_form(data=None) -> WordsForm:
    return WordsForm(data, name="note", label="写一条进展", hint="做了什么、到了哪一步、还有什么困难")


def comment_form(data=None) -> WordsForm:
    return WordsForm(data, name="comment", label="参加讨论", hint="写 @ 和姓名，通知某个人")
