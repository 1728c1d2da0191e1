"""Addresses about what the county works towards: c/<county>/campaign/…"""

from django.urls import path

from assessments.views import campaign, campaign_tables

urlpatterns = [
    # the first campaign, and where another one is started
    path("", campaign.first_campaign, name="campaign"),
    path("<str:standard>/", campaign.campaign_page, name="campaign-of"),
    path("<str:standard>/settings/", campaign.settings, name="campaign-settings"),
    path("<str:standard>/version/", campaign.take_up, name="campaign-version"),
    path("<str:standard>/contacts/", campaign.contacts, name="campaign-contacts"),
    path("<str:standard>/phases/", campaign_tables.phases, name="campaign-phases"),
    path("<str:standard>/leading-group/", campaign_tables.leading_group, name="campaign-leading-group"),
    path("<str:standard>/departments/", campaign_tables.departments, name="campaign-departments"),
]
