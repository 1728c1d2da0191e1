"""Addresses about a county's own standards: c/<county>/standards/…

What is about no single standard comes first: code and version could be any two words.
"""

from django.urls import include, path

from assessments.drafting import criterion_urls, element_urls
from assessments.drafting.views import draft, exchange, items, plan, standards, steps, tables

_own = "<str:code>/<str:version>"

urlpatterns = [
    path("", standards.own_standards_page, name="own-standards"),
    path("new/", standards.begin, name="standard-begin"),
    path("copy/", standards.copy, name="standard-copy"),
    path("elements/", include(element_urls.pages)),
    path("import/", exchange.upload, name="standard-import"),
    path("import/confirm/", exchange.confirm, name="standard-import-confirm"),
    path("plan/", plan.new, name="plan-new"),
    path(f"{_own}/", draft.draft_page, name="draft"),
    path(f"{_own}/export/", exchange.export, name="standard-export"),
    path(f"{_own}/plan/", plan.review, name="plan-review"),
    path(f"{_own}/plan/settle/", plan.settle, name="plan-settle"),
    path(f"{_own}/plan/cut/", plan.cut, name="plan-cut"),
    path(f"{_own}/plan/many/", plan.many, name="plan-many"),
    path(f"{_own}/changes/", draft.changes, name="draft-changes"),
    path(f"{_own}/check/", steps.check, name="draft-check"),
    path(f"{_own}/publish/", steps.publish_it, name="draft-publish"),
    path(f"{_own}/next-version/", steps.next_version, name="draft-version"),
    path(f"{_own}/discard/", steps.discard_it, name="draft-discard"),
    path(f"{_own}/order/", steps.order, name="draft-order"),
    path(f"{_own}/renumber/", steps.renumber, name="draft-renumber"),
    path(f"{_own}/head/", tables.head, name="draft-head"),
    path(f"{_own}/sections/", tables.sections, name="draft-sections"),
    path(f"{_own}/departments/", tables.departments, name="draft-departments"),
    path(f"{_own}/phases/", tables.phases, name="draft-phases"),
    path(f"{_own}/leading-group/", tables.leading_group, name="draft-leading-group"),
    path(f"{_own}/arrangements/", tables.arrangements, name="draft-arrangements"),
    path(f"{_own}/points/", tables.points, name="draft-points"),
    path(f"{_own}/items/new/", items.new_item, name="draft-item-new"),
    path(f"{_own}/items/<str:number>/", items.item, name="draft-item"),
    path(f"{_own}/items/<str:number>/remove/", items.remove, name="draft-item-remove"),
    path(f"{_own}/items/<str:number>/criteria/", include(criterion_urls.pages)),
]
