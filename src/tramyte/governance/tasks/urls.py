"""Addresses under /nhiem-vu/."""

from django.urls import path

from tramyte.governance.tasks import views

urlpatterns = [
    path("", views.board, name="tasks"),
    path("moi/", views.new, name="task-new"),
    path("nhac-viec/", views.reminders, name="reminders"),
    path("minh-chung/<uuid:id>/", views.evidence, name="task-evidence"),
    path("moc/<uuid:id>/", views.milestone_done, name="task-milestone-done"),
    path("<uuid:id>/", views.task_page, name="task"),
    path("<uuid:id>/sua/", views.edit, name="task-edit"),
    path("<uuid:id>/lam/", views.act, name="task-act"),
]
