"""Addresses of agreements and requests, under /nguoi-dan/."""

from django.urls import path

from tramyte.care.consent import views

urlpatterns = [
    path("quyen/thoi-han/", views.time_limits, name="request-limits"),
    path("quyen/thoi-han/<slug:kind>/", views.time_limit, name="request-limit"),
    path("quyen/yeu-cau/<uuid:id>/", views.data_request, name="data-request"),
    path("quyen/phieu/<uuid:id>/rut-lai/", views.withdraw, name="consent-withdraw"),
    path("quyen/phieu/<uuid:id>/ban-quet/", views.evidence, name="consent-evidence"),
    path("<uuid:id>/quyen/", views.rights, name="person-rights"),
    path("<uuid:id>/quyen/dong-y/", views.consent_new, name="consent-new"),
    path("<uuid:id>/quyen/yeu-cau/", views.request_new, name="data-request-new"),
    path("<uuid:id>/quyen/tat-ca.json", views.export, {"form": "json"}, name="person-export-json"),
    path("<uuid:id>/quyen/tat-ca.pdf", views.export, {"form": "pdf"}, name="person-export-pdf"),
]
