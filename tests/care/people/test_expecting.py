"""Asking who is pregnant goes through whoever knows; nobody is asked about nobody."""

import datetime
import uuid

from tramyte.care.people import expecting

DAY = datetime.date(2026, 6, 3)


def test_whoever_knows_is_asked_once(monkeypatch):
    monkeypatch.setattr(expecting, "_PROVIDERS", [])
    woman, pregnancy, asked = uuid.uuid4(), uuid.uuid4(), []
    known = expecting.Expecting(woman, pregnancy, DAY - datetime.timedelta(days=100), DAY + datetime.timedelta(days=180))

    def provider(on, persons):
        asked.append((on, persons))
        return {woman: known}

    assert expecting.expecting(DAY) == {}
    expecting.provide(provider)
    expecting.provide(provider)
    assert expecting.expecting(DAY, [woman]) == {woman: known}
    assert expecting.expecting(DAY, []) == {}
    assert asked == [(DAY, [woman])]
    assert known.days(DAY) == 100
    other = DAY - datetime.timedelta(days=30)
    assert expecting.gestations([(woman, DAY), (woman, other), (uuid.uuid4(), DAY)]) == {(woman, DAY): 100, (woman, other): 70}
    assert expecting.gestations([]) == {} and len(asked) == 3
