"""Addresses under /chi-tieu/."""

from django.urls import path

from tramyte.governance.targets import views, worklist_views

urlpatterns = [
    path("", views.listing, name="targets"),
    path("xuat/<str:form>/", views.export, name="targets-export"),
    path("<uuid:id>/", views.target, name="target"),
    path("<uuid:id>/gan/", views.bind, name="target-bind"),
    path("<uuid:id>/giao/", views.assign, name="target-assign"),
    path("<uuid:id>/danh-sach/", worklist_views.worklist, name="target-worklist"),
    path("<uuid:id>/danh-sach/xuat/<str:form>/", worklist_views.export, name="target-worklist-export"),
]
