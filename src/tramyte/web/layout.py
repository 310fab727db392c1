"""The tables of a new SQLite database, laid out at once as all migrations together would leave them.

Migrations describe all models anew at each step: seconds, where nothing is to be kept. Both roads end with the same tables,
indexes, triggers and rows (proved by tests/web/test_storage.py); only the order of columns in a table may differ.
"""

from django.apps import apps as installed
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, models
from django.db.migrations import CreateModel, RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import StateApps

Plan = list[tuple[Migration, bool]]


def lay_out() -> None:
    """Create every table in an empty SQLite database and note all migrations as applied; all of it or nothing."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    plan, apps = executor.migration_plan(leaves), executor.loader.project_state(leaves).apps
    with connection.schema_editor() as editor:
        for model in _in_order(plan, apps):
            editor.create_model(model)
        for step in _own_steps(plan):
            step.code(apps, editor)
        noted = executor.recorder.Migration
        editor.create_model(noted)
        noted.objects.bulk_create([noted(app=one.app_label, name=one.name) for one, _ in plan])
        emit_post_migrate_signal(0, False, connection.alias, apps=apps, plan=plan)


def _in_order(plan: Plan, apps: StateApps) -> list[type[models.Model]]:
    """The models that stand at the end, in the order in which the migrations make them."""
    made = dict.fromkeys((one.app_label, step.name_lower) for one, _ in plan for step in one.operations if isinstance(step, CreateModel))
    found = [apps.all_models[app].get(name) for app, name in made]
    return [model for model in found if model and model._meta.can_migrate(connection)]


def _own_steps(plan: Plan) -> list[RunPython]:
    """What our own migrations do by hand, such as the index of words; those of libraries only mend rows, and here are none."""
    own = {config.label for config in installed.get_app_configs() if config.name.startswith("tramyte.")}
    return [step for one, _ in plan if one.app_label in own for step in one.operations if isinstance(step, RunPython)]
