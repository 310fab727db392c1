"""Addresses of mothers, under /thai-san/."""

from django.urls import path

from tramyte.care.maternal import certificate_views, list_views, views, writing_views

urlpatterns = [
    path("", views.landing, name="maternal"),
    path("danh-sach/<slug:code>/", list_views.by_name, name="maternal-list"),
    path("moi/", writing_views.pregnancy_new, name="pregnancy-new"),
    path("<uuid:id>/", views.pregnancy, name="pregnancy"),
    path("<uuid:id>/sua/", writing_views.pregnancy_edit, name="pregnancy-edit"),
    path("<uuid:id>/kham/", writing_views.contact, name="antenatal-new"),
    path("<uuid:id>/ke-hoach-sinh/", writing_views.plan, name="birth-plan"),
    path("<uuid:id>/de/", writing_views.delivery, name="delivery"),
    path("<uuid:id>/sau-sinh/", writing_views.postnatal, name="postnatal-new"),
    path("<uuid:id>/ket-thuc/", writing_views.ending, name="pregnancy-end"),
    path("<uuid:id>/mo-lai/", writing_views.reopen, name="pregnancy-reopen"),
    path("chung-sinh/<uuid:id>/", certificate_views.certificate, name="birth-certificate"),
    path("chung-sinh/<uuid:id>/cap-lai/", certificate_views.certificate_again, name="birth-certificate-again"),
    path("chung-sinh/<uuid:id>/giay.pdf", certificate_views.certificate_print, name="birth-certificate-print"),
    path("chung-sinh/<uuid:id>/xml9.xml", certificate_views.certificate_xml, name="birth-certificate-xml"),
]
