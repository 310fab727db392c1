"""Addresses of adverse events, under /phan-ung/."""

from django.urls import path

from tramyte.care.adverse_events import views

urlpatterns = [
    path("", views.reactions, name="reactions"),
    path("nguoi/<uuid:id>/moi/", views.reaction_new, name="reaction-new"),
    path("lo/<uuid:id>/", views.reaction_lot, name="reaction-lot"),
    path("<uuid:id>/", views.reaction, name="reaction"),
    path("<uuid:id>/sua/", views.reaction_edit, name="reaction-edit"),
    path("<uuid:id>/theo-doi/", views.reaction_follow, name="reaction-follow"),
    path("<uuid:id>/bao-cao/", views.reaction_report, name="reaction-report"),
    path("<uuid:id>/dung-lo/<uuid:lot>/", views.reaction_stop, name="reaction-stop"),
    path("<uuid:id>/phieu.pdf", views.reaction_print, name="reaction-print"),
]
