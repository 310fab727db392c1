"""The examples of docs/how-to/use-the-api.md, run in their order."""

import datetime
import re
import shlex
from pathlib import Path

from django.test import Client as Browser

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"


def commands():
    """Each example as (words of the command, wanted status)."""
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            command, _, status = line.rpartition("#")
            yield command, int(status)


def run(command, values):
    """Send what curl would send."""
    for name, value in values.items():
        command = command.replace(f"${name}", value)
    words, headers, method, body, address = iter(shlex.split(command)[1:]), {}, "", None, ""
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = next(words)
        elif word == "-d":
            body = next(words)
        else:
            address = word
    kind = headers.pop("Content-Type", "application/json")
    return Browser().generic(method or ("POST" if body else "GET"), address, body or "", content_type=kind, headers=headers)


def test_the_examples_of_the_guide(cast):
    from tramyte.care.people.actions import record_household
    from tramyte.engine.clients.actions import create_client

    row = record_household(by=cast.nurse, hamlet=cast.hamlets[0], number="0001")
    _, key = create_client(
        by=cast.director, name="Thử", contact="anh Nam, 0912345678", where=[cast.commune], permissions=["people.view", "people.write", "figures.view"],
        valid_until=datetime.date(2026, 12, 31))
    examples = list(commands())
    assert len(examples) >= 15
    for command, status in examples:
        answer = run(command, {"KEY": key, "HOST": "", "ROW": str(row.pk)})
        assert answer.status_code == status, (command, answer.content.decode())
