"""The index of words on `SearchText`: FTS5 kept in step by triggers on SQLite, GIN on PostgreSQL.

A later migration that makes SQLite rebuild people_searchtext must create the triggers anew.
"""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE people_words USING fts5(
        text, content='people_searchtext', content_rowid='id', prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER people_words_insert AFTER INSERT ON people_searchtext BEGIN
        INSERT INTO people_words(rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER people_words_delete AFTER DELETE ON people_searchtext BEGIN
        INSERT INTO people_words(people_words, rowid, text) VALUES ('delete', old.id, old.text); END""",
    """CREATE TRIGGER people_words_update AFTER UPDATE OF text ON people_searchtext BEGIN
        INSERT INTO people_words(people_words, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO people_words(rowid, text) VALUES (new.id, new.text); END""",
)
POSTGRESQL = ("CREATE INDEX people_words ON people_searchtext USING gin (array_to_tsvector(string_to_array(text, ' ')))",)
BACK = {
    "sqlite": ("DROP TRIGGER people_words_insert", "DROP TRIGGER people_words_delete", "DROP TRIGGER people_words_update", "DROP TABLE people_words"),
    "postgresql": ("DROP INDEX people_words",),
}


def forwards(apps, editor):
    """Create the index of this database's kind."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(statement)


def backwards(apps, editor):
    """Drop it."""
    for statement in BACK[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("people", "0001_first")]

    operations = [migrations.RunPython(forwards, backwards)]
