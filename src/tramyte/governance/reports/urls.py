"""Addresses under /bao-cao/."""

from django.urls import path

from tramyte.governance.reports import duty_views, views

urlpatterns = [
    path("", views.listing, name="reports"),
    path("ky/<uuid:id>/", views.period, name="report-period"),
    path("ky/<uuid:id>/lap/", views.begin, name="report-open"),
    path("che-do/<uuid:id>/mo/", duty_views.ask, name="duty-ask"),
    path("che-do/<uuid:id>/ky/", duty_views.set_period, name="duty-period"),
    path("<uuid:id>/", views.report, name="report"),
    path("<uuid:id>/muc/<slug:section>/", views.section, name="report-section"),
    path("<uuid:id>/lam/", views.act, name="report-act"),
    path("<uuid:id>/tep/<slug:ending>/", views.file, name="report-file"),
]
