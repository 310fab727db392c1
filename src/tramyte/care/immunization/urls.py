"""Addresses of immunization, under /tiem-chung/."""

from django.urls import path

from tramyte.care.immunization import coverage_views, due_views, school_views, views

urlpatterns = [
    path("", due_views.due, name="immunization"),
    path("ty-le/", coverage_views.coverage, name="immunization-coverage"),
    path("danh-sach/<slug:code>/", coverage_views.listed, name="immunization-list"),
    path("nhap-hoc/", school_views.reviews, name="school-reviews"),
    path("thiet-lap/", views.programme, name="immunization-programme"),
    path("thiet-lap/<uuid:id>/bo/", views.activation_cancel, name="activation-cancel"),
    path("san-pham/", views.products, name="vaccine-products"),
    path("lo/<uuid:id>/", views.lot, name="vaccine-lot"),
    path("phieu/<uuid:id>/", views.card, name="immunization-card"),
    path("phieu/<uuid:id>/phieu.pdf", views.card_print, name="immunization-card-print"),
]
