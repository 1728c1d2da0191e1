"""A plan that was taken in, as it stands: the draft, what was read, and what is not settled yet."""

from dataclasses import dataclass, replace

from assessments.drafting import plan_places as places
from assessments.drafting.plan_places import Entry, in_draft
from indicators.contents import ItemContent, StandardContent
from indicators.plans.proposal import Plan, PlanItem
from indicators.services import Refused

SETTLED = "这一处刚被别人处理过了。请看看现在的内容。"
GONE = "这一条已被合并、删去或拆开了。请看看现在的内容。"


@dataclass(frozen=True)
class PlanState:
    content: StandardContent
    plan: Plan
    open: list[Entry]

    def entry(self, place: str) -> Entry:
        """Raises Refused where it is settled already."""
        found = next((each for each in self.open if each["place"] == place), None)
        if found is None:
            raise Refused(SETTLED)
        return found

    def read_item(self, number: str) -> PlanItem:
        """The plan's item. Raises Refused."""
        found = next((item for item in self.plan.items if item.number == number), None)
        if found is None:
            raise Refused(GONE)
        return found

    def item_of(self, number: str) -> ItemContent:
        """The draft's item that was made of the plan's of this number. Raises Refused."""
        found = in_draft(self.content, self.read_item(number))
        if found is None:
            raise Refused("这一条已从草稿里删去。")
        return found

    def settled(self, *done: str, **changed) -> "PlanState":
        """Without these places, and with `content` or `plan` changed."""
        return replace(self, open=places.without(self.open, *done), **changed)
