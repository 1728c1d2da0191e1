"""Addresses of evidence: of a county's pieces, and (`of_items`) below an item of a campaign."""

from django.urls import path

from assessments.views import evidence, evidence_demands, evidence_each, evidence_files, evidence_list, item

of_items = [
    path("add/", evidence_demands.requirement_new, name="requirement-new"),
    path("<str:code>/", item.judge, name="judge-evidence"),
    path("<str:code>/change/", evidence_demands.requirement, name="requirement"),
    path("<str:code>/each/", evidence_each.evidence_each, name="evidence-each"),
]

of_county = [
    path("", evidence_list.evidence_list, name="evidence-list"),
    path("list.xlsx", evidence_list.evidence_export, name="evidence-export"),
    path("decide/", evidence.decide, name="evidence-decide"),
    path("<int:piece>/", evidence.piece_page, name="piece"),
    path("<int:piece>/describe/", evidence.describe_piece, name="piece-describe"),
    path("<int:piece>/date/", evidence.date_piece, name="piece-date"),
    path("<int:piece>/withdraw/", evidence.withdraw_piece, name="piece-withdraw"),
    path("<int:piece>/place/", evidence.place_piece, name="piece-place"),
    path("<int:piece>/uses/<int:placement>/drop/", evidence.displace_piece, name="piece-displace"),
    path("<int:piece>/v<int:number>/file", evidence_files.evidence_file, name="evidence-file"),
    path("<int:piece>/v<int:number>/<int:page>.png", evidence_files.evidence_page, name="evidence-page"),
]
