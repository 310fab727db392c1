"""Addresses of vaccination sessions, under /tiem-chung/buoi/."""

from django.urls import path

from tramyte.care.vaccination import closing_views, planning_views, table_views

urlpatterns = [
    path("", planning_views.listing, name="vaccinations"),
    path("moi/", planning_views.plan, name="vaccination-new"),
    path("vang-mat/", closing_views.missed, name="vaccination-absentees"),
    path("vang-mat/<uuid:id>/", closing_views.contact, name="vaccination-contact"),
    path("thon/<uuid:id>/thu-moi.pdf", planning_views.hamlet_invitation, name="vaccination-hamlet"),
    path("<uuid:id>/", planning_views.session, name="vaccination"),
    path("<uuid:id>/sua/", planning_views.plan, name="vaccination-edit"),
    path("<uuid:id>/viec/", planning_views.act, name="vaccination-act"),
    path("<uuid:id>/thu-moi.pdf", planning_views.invitations, name="vaccination-invitations"),
    path("<uuid:id>/tin-nhan/", planning_views.texts, name="vaccination-texts"),
    path("<uuid:id>/ban/", table_views.table, name="vaccination-table"),
    path("<uuid:id>/ban/tiep-nhan/", table_views.reception, name="vaccination-receive"),
    path("<uuid:id>/ban/lo/", table_views.vial, name="vaccination-vial"),
    path("<uuid:id>/ban/<uuid:attendee>/", table_views.serve, name="vaccination-serve"),
    path("<uuid:id>/dong/", closing_views.close, name="vaccination-close"),
]
