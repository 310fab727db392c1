"""Addresses of the health record, under /nguoi-dan/."""

from django.urls import path

from tramyte.care.health_record import views

urlpatterns = [
    path("<uuid:id>/ho-so-suc-khoe/", views.health_record, name="health-record"),
    path("<uuid:id>/ho-so-suc-khoe/mau-831.pdf", views.health_record_print, name="health-record-print"),
    path("<uuid:id>/ho-so-suc-khoe/<slug:part>/", views.health_record_part, name="health-record-part"),
]
