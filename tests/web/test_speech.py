"""The command line speaks Vietnamese: usage, help and errors of every verb, with the exit codes unchanged."""

import argparse
import inspect
import re

import pytest

from tramyte.web.commands.main import VERBS, main, module
from tramyte.web.commands.speech import SAID, said, said_counted

ENGLISH = re.compile(r"usage:|error:|options:|positional|required|invalid|expected (?:one|at|[0-9])|choose from|show this|unrecognized|the following", re.IGNORECASE)
# Sentences of argparse that only a programmer can meet: a parser that was declared wrongly.
FAULTS = {
    ".__call__() not defined", "conflicting subparser: %s", "conflicting subparser alias: %s", 'argument "-" with mode %r', "dest= is required for options like %r",
    "cannot merge actions - two groups are named %r", "'required' is an invalid argument for positionals", "invalid conflict_resolution value: %r",
    "mutually exclusive arguments must be optional", "cannot have multiple subparser arguments", "%r is not callable", "conflicting option string: %s",
    "conflicting option strings: %s", "invalid option string %(option)r: must start with a character %(prefix_chars)r",
}


def ran(words, capsys):
    """The exit code and everything that was said."""
    try:
        code = main(words)
    except SystemExit as stopped:
        code = stopped.code
    shown = capsys.readouterr()
    return code, shown.out + shown.err


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_helps_in_vietnamese(verb, capsys):
    code, shown = ran([verb, "--help"], capsys)
    assert code == 0
    assert "cách dùng: tramyte" in shown
    assert not ENGLISH.search(shown), shown


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_wrong_usage_in_vietnamese(verb, capsys):
    code, shown = ran([verb, "--khong-co-tuy-chon-nay"], capsys)
    assert code == 2
    assert "sai cách dùng" in shown
    assert not ENGLISH.search(shown), shown


@pytest.mark.parametrize(("words", "wanted"), [
    ([], "còn thiếu LỆNH"), (["demo", "--people", "abc"], "--people: 'abc' không phải số nguyên"), (["serve", "--port"], "--port: cần một giá trị đi kèm"),
    (["nope"], "không có lựa chọn 'nope'"), (["user", "add"], "còn thiếu USERNAME, --name, --role, --place"), (["codes", "load", "nope", "a.csv"], "NAME: không có lựa chọn 'nope'"),
    (["demo", "--khong"], "không hiểu --khong"),
])
def test_what_is_wrong_is_said(words, wanted, capsys):
    code, shown = ran(words, capsys)
    assert code == 2
    assert wanted in shown


def test_no_sentence_of_argparse_is_left_out():
    source = inspect.getsource(argparse)
    found = {"".join(re.findall(r"'([^']*)'|\"([^\"]*)\"", call)[0]) for call in re.findall(r"\b_\(\s*((?:'[^']*'|\"[^\"]*\"))\)", source)}
    found = {words.replace("\\n", "\n") for words in found}
    assert len(found) > 20
    assert found - SAID.keys() <= FAULTS | {"subcommands"}


def test_numbers_have_one_form_and_unknown_sentences_stay():
    assert said_counted("expected %s argument", "expected %s arguments", 3) % 3 == "cần 3 giá trị"
    assert said("no sentence of argparse") == "no sentence of argparse"
    assert said(None) is None


def test_every_verb_is_there():
    assert all(callable(module(verb).arguments) and callable(module(verb).run) for verb in VERBS)
