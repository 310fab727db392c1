"""Addresses under /chi-tieu/."""

from django.urls import path

from tramyte.governance.targets import setting_views, views, worklist_views

urlpatterns = [
    path("", views.listing, name="targets"),
    path("xuat/<str:form>/", views.export, name="targets-export"),
    path("moi/", setting_views.new, name="target-new"),
    path("<uuid:id>/sua/", setting_views.edit, name="target-edit"),
    path("<uuid:id>/rut/", setting_views.end, name="target-end"),
    path("<uuid:id>/", views.target, name="target"),
    path("<uuid:id>/gan/", views.bind, name="target-bind"),
    path("<uuid:id>/giao/", views.assign, name="target-assign"),
    path("<uuid:id>/danh-sach/", worklist_views.worklist, name="target-worklist"),
    path("<uuid:id>/danh-sach/xuat/<str:form>/", worklist_views.export, name="target-worklist-export"),
]
