"""Who may open what: the one declaration behind the denial matrix (test_denials.py).

`NEEDS` is a line per address, `BOOKS` a line per book and `BOOK_PAGES` a line per page every book has.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Needs:
    """What an address asks for.

    right: a permission ("" for whoever is signed in, None for everybody).  either: permissions of which one is enough.
    people: figures-only roles are refused even with the permission.  what: the kind of object in the address.
    post: sent by POST.  also: an own object may still be refused by the state or the unit of the object.
    extra: other parts of the address, by name; a value that names a kind stands for the id of that object.
    ask: queries to send as well, as a page and as a fragment.  own: the workers who alone may open the own object.
    """

    right: str | None = ""
    people: bool = False
    what: str = ""
    post: bool = False
    also: bool = False
    either: tuple[str, ...] = ()
    extra: dict = field(default_factory=dict)
    ask: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def _of(right, what="", *, people=False, post=False, also=False, either=(), ask=(), **extra):
    return Needs(right, people=people, what=what, post=post, also=also, either=either, ask=ask, extra=extra)


# What somebody may type to find each of the four persons: names with and without tones, initials, parts, numbers.
TYPED = ("kha thi", "Kha Thị", "kttb", "037156000003", "lien ke 1956", "0912345604")
FINDS = tuple(f"?q={text}" for text in TYPED)
LIKELY = ("?full_name=Kha Thị Phương Xa&birth=05/03/1956", "?full_name=kha thi lien ke&birth=1956", "?national_id=037156000004", "?full_name=Kha Thị Thôn Bên&birth=05/03/1956")

VIEW, WRITE = "people.view", "people.write"
NEEDS = {
    # open to everybody, and to whoever is signed in
    "login": Needs(None), "first-run": Needs(None), "health": Needs(None), "login-step": Needs(None),
    "account": Needs(), "account-prove": Needs(), "account-step": Needs(), "account-step-off": Needs(post=True), "account-codes": Needs(post=True),
    "account-sessions": Needs(post=True), "logout": Needs(None, post=True),
    "home": Needs(), "home-renew": Needs(post=True), "password_change": Needs(), "password_change_done": Needs(), "search": _of("", ask=FINDS), "reminders": Needs(),
    "guide": Needs(), "guide-page": Needs(extra={"slug": "bat-dau"}), "guide-picture": Needs(extra={"slug": "bat-dau"}, also=True),
    # the chairman's page
    "overview": _of("overview.view"), "overview-print": _of("overview.view"),
    # the system
    "system": Needs("", either=("audit.view", "users.manage")), "system-audit": _of("audit.view"), "system-verify": _of("audit.view", post=True),
    "system-jobs": _of("audit.view"), "job": _of("audit.view", "job"),
    "system-roles": _of("users.manage"), "system-permissions": _of("users.manage"), "system-role-take": _of("users.manage", "assignment", post=True),
    "emergency": _of("people.emergency", people=True), "emergency-reviews": _of("emergency.review"), "emergency-verdict": _of("emergency.review", "opening", post=True),
    "delegations": Needs(), "delegation-end": Needs("", what="delegation", post=True, own=("director", "nurse", "admin", "stranger")),
    "system-sign-in": _of("users.manage"), "system-users": _of("users.manage"), "system-user-new": _of("users.manage"), "system-user": _of("users.manage", "user"),
    "system-user-act": _of("users.manage", "user", post=True),
    "system-clients": _of("users.manage"), "system-client-new": _of("users.manage"), "system-client-revoke": _of("users.manage", "client", post=True), "system-client-adopt": _of("users.manage", "client", post=True, also=True), "api-reference": Needs(),
    "system-places": _of("places.write"), "system-place-new": _of("places.write", which="hamlets"), "system-place": _of("places.write", "hamlet", which="hamlets"),
    "system-place-changes": _of("places.write"), "system-place-undo": _of("places.write", "place_change", post=True),
    "system-hamlet-arrange": _of("places.write", "hamlet"),
    "system-places-load": _of("places.write", which="hamlets"), "system-places-template": _of("places.write", which="units"),
    # people
    "people": _of(VIEW, people=True), "person-new": _of(WRITE, people=True), "person-duplicates": _of(WRITE, people=True, ask=LIKELY),
    "population-changes": _of(VIEW, people=True),
    "household": _of(VIEW, "household", people=True), "household-visit": _of(WRITE, "household", people=True), "household-act": _of(WRITE, "household", people=True, act="sinh"),
    "household-add": _of(WRITE, "household", people=True, post=True),
    "person-looks": _of("rights.write", "person", people=True),
    "person": _of(VIEW, "person", people=True), "person-pin": _of(VIEW, "person", people=True, post=True), "person-edit": _of(WRITE, "person", people=True),
    "coverage-renew": _of(WRITE, "person", people=True), "coverage-undo": _of(WRITE, "person", people=True, post=True, card="coverage"),
    "number-shown": _of(VIEW, "person", people=True, number="identifier"), "phone-shown": _of(VIEW, "person", people=True),
    "number-new": _of(WRITE, "person", people=True), "residence-new": _of(WRITE, "person", people=True),
    "residence-mistake": _of(WRITE, "person", people=True, residence="residence"),
    "residence-end": _of(WRITE, "person", people=True, residence="residence"), "death": _of(WRITE, "person", people=True),
    "record-entry": _of(WRITE, "person", people=True, post=True),
    "health-record": _of(VIEW, "person", people=True), "health-record-print": _of(VIEW, "person", people=True),
    "health-record-part": _of(WRITE, "person", people=True, part="allergy"),
    "duplicate-pairs": _of(WRITE, people=True), "duplicate-search": _of(WRITE, people=True, post=True),
    "duplicate-dismiss": _of(WRITE, "pair", people=True, post=True), "persons-merge": _of(WRITE, "person", people=True, other="double"),
    "persons-unmerge": _of(WRITE, "merge", people=True),
    "insurance": _of(VIEW, people=True), "insurance-lists": _of("people.import", people=True), "insurance-list": _of("people.import", "insurance_list", people=True),
    # agreements and requests about personal data
    "request-limits": _of(VIEW, people=True), "request-limit": _of("rights.write", people=True, kind="copy"),
    # growth of children
    "nutrition": _of(VIEW, people=True), "nutrition-list": _of(VIEW, people=True, code="DD07"),
    "growth": _of(VIEW, "young", people=True), "growth-print": _of(VIEW, "young", people=True),
    "growth-campaign-new": _of("care.write"), "growth-campaign": _of("care.write", "campaign"),
    "growth-grid": _of("growth.write", "campaign_day", people=True),
    "growth-grid-line": _of("growth.write", "campaign_day", people=True, post=True, also=True, child="young"),
    "person-rights": _of(VIEW, "person", people=True), "consent-new": _of(WRITE, "person", people=True), "data-request-new": _of(WRITE, "person", people=True),
    "data-request": _of(VIEW, "data_request", people=True), "consent-withdraw": _of(WRITE, "consent", people=True, post=True),
    "consent-evidence": _of(VIEW, "consent", people=True, also=True),
    "person-export-json": _of("rights.write", "person", people=True), "person-export-pdf": _of("rights.write", "person", people=True),
    # mothers
    "maternal": _of("maternal.view", people=True), "pregnancy-new": _of("maternal.write", people=True, ask=("?ai=Kha Thị Phương Xa, 05/03/1956",)),
    "pregnancy": _of("maternal.view", "pregnancy", people=True),
    **{name: _of("maternal.write", "pregnancy", people=True) for name in ("pregnancy-edit", "antenatal-new", "birth-plan", "delivery", "postnatal-new", "pregnancy-end")},
    "pregnancy-reopen": _of("maternal.write", "pregnancy", people=True, post=True, also=True),
    "birth-certificate": _of("maternal.write", "newborn", people=True), "birth-certificate-xml": _of("maternal.private", "newborn", people=True, also=True),
    "birth-certificate-print": _of("maternal.private", "newborn", people=True, also=True), "birth-certificate-again": _of("maternal.write", "newborn", people=True, post=True),
    "maternal-list": _of("maternal.view", people=True, code="BM05"),
    # immunization
    "immunization": _of(VIEW, people=True), "immunization-card": _of(VIEW, "person", people=True), "immunization-card-print": _of(VIEW, "person", people=True),
    "immunization-coverage": _of("figures.view"), "immunization-list": _of(VIEW, people=True, code="TC01"), "school-reviews": _of(VIEW, people=True),
    "vaccine-products": _of("vaccines.view"), "vaccine-lot": _of("vaccines.view", "vaccine_lot"), "immunization-programme": _of("vaccines.view"), "activation-cancel": _of("vaccines.write", "activation", post=True),
    # sessions of vaccination
    "vaccinations": _of("care.write", people=True), "vaccination-new": _of("care.write"), "vaccination-absentees": _of("care.write", people=True),
    "vaccination-contact": _of("care.write", "attendee", people=True, post=True), "vaccination-hamlet": _of(VIEW, "session_hamlet", people=True),
    **{name: _of("care.write", "session", people=True) for name in ("vaccination", "vaccination-invitations", "vaccination-texts", "vaccination-table", "vaccination-close")},
    "vaccination-edit": _of("care.write", "session"), "vaccination-act": _of("care.write", "session", people=True, post=True),
    "vaccination-receive": _of("care.write", "session", people=True, post=True), "vaccination-vial": _of("care.write", "session", people=True, post=True, also=True),
    "vaccination-serve": _of("care.write", "session", people=True, post=True, also=True, attendee="attendee"),
    # the cold chain
    "cold-chain": _of("vaccines.view"), "cold-chain-rule": _of("vaccines.view"), "cold-chain-month": _of("vaccines.view", "storage_equipment"),
    "cold-chain-print": _of("vaccines.view", "storage_equipment"), "excursion": _of("vaccines.view", "excursion"),
    # adverse events after vaccination
    "reactions": _of("reactions.view", people=True), "reaction": _of("reactions.view", "reaction", people=True), "reaction-print": _of("reactions.view", "reaction", people=True),
    "reaction-new": _of("reactions.write", "person", people=True), "reaction-edit": _of("reactions.write", "reaction", people=True), "reaction-lot": _of("reactions.view", "vaccine_lot", people=True),
    "reaction-follow": _of("reactions.write", "reaction", people=True, post=True), "reaction-report": _of("reactions.report", "reaction", people=True, post=True),
    "reaction-stop": _of("vaccines.write", "reaction", people=True, post=True, also=True, lot="vaccine_lot"),
    # directives
    "directives": _of("directives.view"), "directive-new": _of("directives.write"), "directive": _of("directives.view", "directive"),
    "directive-text": _of("directives.view", "directive"), "directive-file": _of("directives.view", "directive"),
    **{name: _of("directives.write", "directive") for name in ("directive-edit", "directive-review")},
    **{name: _of("directives.write", "directive", post=True) for name in (
        "directive-revoke", "directive-add-item", "directive-accept-all", "directive-give-units", "directive-relate", "directive-issue")},
    "directive-item": _of("directives.write", "obligation", post=True),
    # tasks
    "tasks": _of("tasks.view"), "task-new": _of("tasks.assign"), "task": _of("tasks.view", "task"), "task-edit": _of("tasks.assign", "task"),
    "task-act": _of("tasks.view", "task", post=True, also=True), "task-evidence": _of("tasks.view", "note"),
    "task-milestone-done": _of("tasks.progress", "milestone", post=True, also=True),
    # targets
    "figures": _of("figures.view"), "figure": _of("figures.view", code="DD02"),
    "targets": _of("figures.view"), "targets-export": _of("figures.view", form="xlsx"), "target": _of("figures.view", "target"),
    "target-bind": _of("targets.write", "target", post=True), "target-assign": _of("tasks.assign", "target", post=True),
    "target-new": _of("targets.write"), "target-edit": _of("targets.write", "target"), "target-end": _of("targets.write", "target", post=True),
    "target-worklist": _of("people.view", "target", people=True), "target-worklist-export": _of("people.view", "target", people=True, form="xlsx"),
    # reports
    "reports": _of("reports.view"), "report-period": _of("reports.view", "period"), "report-open": _of("reports.write", "period", post=True, also=True),
    "duty-ask": _of("reports.write", "duty", post=True, also=True), "duty-period": _of("directives.write", "duty", post=True),
    "report": _of("reports.view", "report"), "report-section": _of("reports.view", "report", section="khac"),
    "report-act": _of("reports.view", "report", post=True, also=True), "report-file": _of("reports.view", "report", ending="xlsx"),
}

# The books: who reads, writes and imports; whether its lines are people; the kind of object that stands for a line.
BOOKS = {
    "residents": ("people.view", "people.write", "people.import", True, "person", "hamlet"),
    "households": ("people.view", "people.write", "people.import", True, "household", "hamlet"),
    "coverages": ("people.view", "people.write", "people.import", True, "coverage", "person"),
    "deaths": ("people.view", "people.write", "people.import", True, "death", "person"),
    "consents": ("people.view", "people.write", "people.import", True, "consent", "person"),
    "data-requests": ("people.view", "people.write", "people.import", True, "data_request", "person"),
    "conditions": ("people.view", "people.write", "people.import", True, "condition", "person"),
    "growth": ("people.view", "growth.write", "people.import", True, "growth", "person"),
    "immunizations": ("people.view", "care.write", "people.import", True, "immunization", "person"),
    "doses-not-given": ("people.view", "care.write", "people.import", True, "not_given", "person"),
    "school-reviews": ("people.view", "care.write", "people.import", True, "school_review", "person"),
    "vaccine-lots": ("vaccines.view", "vaccines.write", "vaccines.write", False, "vaccine_lot", "product"),
    "checkups": ("people.view", "care.write", "people.import", True, "checkup", "person"),
    "pregnancies": ("maternal.view", "maternal.write", "people.import", True, "pregnancy", "person"),
    "antenatal-contacts": ("maternal.private", "maternal.write", "people.import", True, "antenatal", "person"),
    "births": ("maternal.private", "maternal.write", "people.import", True, "newborn", "mother"),
    "family-planning": ("maternal.private", "maternal.write", "people.import", True, "planning", "person"),
    "abortions": ("maternal.private", "maternal.write", "people.import", True, "abortion", "person"),
    "screenings": ("maternal.private", "maternal.write", "people.import", True, "screening", "person"),
    "reactions": ("reactions.view", "reactions.write", "people.import", True, "reaction", "person"),
    "storage-equipment": ("vaccines.view", "vaccines.write", "vaccines.write", False, "storage_equipment", "facility"),
    "temperatures": ("vaccines.view", "vaccines.write", "vaccines.write", False, "temperature", "equipment"),
    "station-techniques": ("techniques.view", "techniques.write", "techniques.write", False, "station_technique", "technique"),
}
# The same, asked by programs; a key has the rights of whoever made it, or less (test_api.py).
NEEDS |= {
    "api-description": Needs(), "api-me": Needs(), "api-registers": Needs(), "api-indicators": _of("figures.view"), "api-indicator": _of("figures.view", code="BH01"),
    "api-targets": _of("figures.view"), "api-target": _of("figures.view", "target"),
}
for _slug, (_view, _write, _, _people, _line, _) in BOOKS.items():
    NEEDS |= {
        f"api-{_slug}": _of(_view, people=_people, ask=FINDS[::3]), f"api-{_slug}-row": _of(_view, _line, people=_people), f"api-{_slug}-history": _of(_view, _line, people=_people),
        f"api-{_slug}-cancel": _of(_write, _line, people=_people, post=True),
    }
BOOK_PAGES = {
    "register": (0, "", False), "register-history": (0, "id", False), "register-new": (1, "", False), "register-suggest": (1, "path", False),
    "register-columns": (0, "", False), "register-views": (0, "", False), "register-view": (0, "load", True),
    "register-edit": (1, "id", False), "register-cancel": (1, "id", True), "register-import": (2, "", False), "register-template": (2, "", False),
    "register-pick": (0, "", True), "register-bulk": (1, "", True), "register-bulk-edit": (1, "load", True),
    "register-import-preview": (2, "load", False), "register-import-refused": (2, "load", False),
    "register-import-sheet": (2, "load", False), "register-import-columns": (2, "load", False), "register-import-row": (2, "line", False),
    "register-import-forget": (2, "load", True),
}
