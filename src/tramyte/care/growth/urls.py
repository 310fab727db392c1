"""Addresses of nutrition, under /dinh-duong/."""

from django.urls import path

from tramyte.care.growth import campaign_views, views

urlpatterns = [
    path("", campaign_views.nutrition, name="nutrition"),
    path("danh-sach/<slug:code>/", campaign_views.nutrition_list, name="nutrition-list"),
    path("dot/moi/", campaign_views.campaign, name="growth-campaign-new"),
    path("dot/<uuid:id>/", campaign_views.campaign, name="growth-campaign"),
    path("can-do/<uuid:id>/", campaign_views.grid, name="growth-grid"),
    path("can-do/<uuid:id>/<uuid:child>/", campaign_views.grid_line, name="growth-grid-line"),
    path("tre/<uuid:id>/", views.growth, name="growth"),
    path("tre/<uuid:id>/bieu-do.pdf", views.growth_print, name="growth-print"),
]
