"""The words to be found by get the hamlet's mark and the numbers read backwards; the index of words on SQLite keeps no positions."""

from itertools import islice

from django.db import migrations

AT_ONCE = 2000
TRIGGERS = (
    """CREATE TRIGGER people_words_insert AFTER INSERT ON people_searchtext BEGIN
        INSERT INTO people_words(rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER people_words_delete AFTER DELETE ON people_searchtext BEGIN
        INSERT INTO people_words(people_words, rowid, text) VALUES ('delete', old.id, old.text); END""",
    """CREATE TRIGGER people_words_update AFTER UPDATE OF text ON people_searchtext BEGIN
        INSERT INTO people_words(people_words, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO people_words(rowid, text) VALUES (new.id, new.text); END""",
)
DROP = (*(f"DROP TRIGGER people_words_{name}" for name in ("insert", "delete", "update")), "DROP TABLE people_words")
NEW, OLD = "detail=none, columnsize=0, ", ""


def more_words(text, hamlet):
    """The words with those that are new: see `search.marks`, as it is in this version."""
    words = text.split()
    backwards = [f"x{word[::-1]}" for word in words if word.isdigit() and len(word) >= 9]
    return " ".join(dict.fromkeys([*words, *backwards, f"hz{hamlet.hex[-10:]}"]))


def rewrite(apps, editor):
    """Add the new words to every row; the index stands aside on SQLite and is built once."""
    model = apps.get_model("people", "SearchText")
    rows = model.objects.order_by("pk").values_list("pk", "text", "hamlet_id").iterator(AT_ONCE)
    with editor.connection.cursor() as cursor:
        while part := list(islice(rows, AT_ONCE)):
            cursor.executemany("UPDATE people_searchtext SET text = %s WHERE id = %s", [(more_words(text, hamlet), pk) for pk, text, hamlet in part])


def index(options):
    """The index of words with these options, built from the rows."""
    return (f"""CREATE VIRTUAL TABLE people_words USING fts5(
        text, content='people_searchtext', content_rowid='id', {options}prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')""",
        "INSERT INTO people_words(people_words) VALUES ('rebuild')", *TRIGGERS)


def run(editor, statements):
    """Only SQLite has this index."""
    if editor.connection.vendor == "sqlite":
        for statement in statements:
            editor.execute(statement)


def forwards(apps, editor):
    """New words, new index."""
    run(editor, DROP)
    rewrite(apps, editor)
    run(editor, index(NEW))


def backwards(apps, editor):
    """The old index; words too many do no harm."""
    run(editor, DROP)
    run(editor, index(OLD))


class Migration(migrations.Migration):

    dependencies = [("people", "0004_insurance_lists")]

    operations = [migrations.RunPython(forwards, backwards)]
