"""Addresses of the registers, under /so/<slug>/."""

from django.urls import path

from tramyte.engine.registers import (
    editing_views,
    import_views,
    picking_views,
    saved_views,
    views,
    wizard_views,
)

urlpatterns = [
    path("<slug:slug>/", views.listing, name="register"),
    path("<slug:slug>/moi/", views.edit, name="register-new"),
    path("<slug:slug>/goi-y/<str:path>/", views.suggest, name="register-suggest"),
    path("<slug:slug>/nhap/", import_views.upload, name="register-import"),
    path("<slug:slug>/nhap/mau.xlsx", import_views.template, name="register-template"),
    path("<slug:slug>/nhap/<uuid:id>/", import_views.preview, name="register-import-preview"),
    path("<slug:slug>/nhap/<uuid:id>/loi.xlsx", import_views.refused_rows, name="register-import-refused"),
    path("<slug:slug>/nhap/<uuid:id>/trang/", wizard_views.sheet, name="register-import-sheet"),
    path("<slug:slug>/nhap/<uuid:id>/cot/", wizard_views.columns, name="register-import-columns"),
    path("<slug:slug>/nhap/<uuid:id>/dong/<int:number>/", wizard_views.row, name="register-import-row"),
    path("<slug:slug>/nhap/khop/<uuid:id>/quen/", wizard_views.forget, name="register-import-forget"),
    path("<slug:slug>/cot/", saved_views.columns, name="register-columns"),
    path("<slug:slug>/cach-xem/", saved_views.view_list, name="register-views"),
    path("<slug:slug>/cach-xem/<uuid:id>/", saved_views.change_view, name="register-view"),
    path("<slug:slug>/chon/", picking_views.pick, name="register-pick"),
    path("<slug:slug>/sua-nhieu/", editing_views.choose, name="register-bulk"),
    path("<slug:slug>/sua-nhieu/<uuid:id>/", editing_views.preview, name="register-bulk-edit"),
    path("<slug:slug>/<uuid:id>/", views.edit, name="register-edit"),
    path("<slug:slug>/<uuid:id>/ghi-nham/", views.cancel, name="register-cancel"),
    path("<slug:slug>/<uuid:id>/lich-su/", views.changes, name="register-history"),
]
