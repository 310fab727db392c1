"""Addresses under /chi-dao/."""

from django.urls import path

from tramyte.governance.directives import review_views, views

urlpatterns = [
    path("", views.listing, name="directives"),
    path("moi/", views.new, name="directive-new"),
    path("muc/<uuid:id>/", review_views.item, name="directive-item"),
    path("<uuid:id>/", views.document, name="directive"),
    path("<uuid:id>/sua/", views.edit, name="directive-edit"),
    path("<uuid:id>/toan-van/", views.whole_text, name="directive-text"),
    path("<uuid:id>/tep/", views.original, name="directive-file"),
    path("<uuid:id>/het-hieu-luc/", views.revoke, name="directive-revoke"),
    path("<uuid:id>/ra-soat/", review_views.review, name="directive-review"),
    path("<uuid:id>/ra-soat/them/", review_views.add_item, name="directive-add-item"),
    path("<uuid:id>/ra-soat/nhan-het/", review_views.accept_rest, name="directive-accept-all"),
    path("<uuid:id>/ra-soat/giao-don-vi/", review_views.give_units, name="directive-give-units"),
    path("<uuid:id>/ra-soat/van-ban-truoc/", review_views.relate, name="directive-relate"),
    path("<uuid:id>/ra-soat/giao-viec/", review_views.issue, name="directive-issue"),
]
