"""Records that may be, or were found to be, one person: proposed pairs, and the merges that were made of two."""

from django.db import models
from django.db.models import Q

from tramyte.engine.access.guard import Guard
from tramyte.engine.actions.models import Fact

AGAINST = "khác "  # begins the words of `rules.identity.linkage` for what differs
WITHIN = "nằm trong kỳ của thẻ khác sau khi gộp hồ sơ"  # why a card counts no more; its number still finds the person


class DuplicatePair(Fact):
    """Two records that may be one person. `one` has the smaller key; score 0 to 1; evidence: Vietnamese words, strongest first.

    A pair that somebody decided on is kept, so that it is never proposed again.
    """

    stays_on_merge = True  # it is about two records, not about a person
    STATES = [("proposed", "chờ xem"), ("dismissed", "không phải một người"), ("merged", "đã gộp")]

    one = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name="hồ sơ thứ nhất")
    other = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name="hồ sơ thứ hai")
    score = models.FloatField("mức giống", default=0)
    evidence = models.JSONField("lý do", default=list, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=STATES, default="proposed")
    decided_by = models.CharField("người quyết định", max_length=150, blank=True)

    guard = Guard(view="people.view", place="one__hamlet", personal=True)

    class Meta:
        ordering = ["-score", "id"]
        verbose_name = "cặp hồ sơ nghi trùng"
        indexes = [models.Index(fields=["state", "-score"], name="pair_state_score")]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="pair_once")]

    @property
    def likeness(self) -> int:
        """The score in per cent, 99 at most: what waits for somebody's eyes is never sure."""
        return min(round(self.score * 100), 99)

    @property
    def agreeing(self) -> list[str]:
        """The evidence for one person."""
        return [word for word in self.evidence if not word.startswith(AGAINST)]

    @property
    def differing(self) -> list[str]:
        """What differs, without the word "khác"."""
        return [word.removeprefix(AGAINST) for word in self.evidence if word.startswith(AGAINST)]


class Merge(Fact):
    """That one record was merged into another, with all that is needed to part them again.

    moved: "app.Model.field" to the ids of rows that pointed at the lesser record. changed: what else was written, in order:
    model, id, was, now. `lesser` is the alias by which old links and old numbers find the survivor.
    """

    stays_on_merge = True

    survivor = models.ForeignKey("people.Person", models.PROTECT, related_name="merges", verbose_name="hồ sơ giữ lại")
    lesser = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name="hồ sơ được gộp")
    made_by = models.CharField("người gộp", max_length=150)
    moved = models.JSONField(default=dict, editable=False)
    changed = models.JSONField(default=list, editable=False)
    undone_at = models.DateTimeField("tách lúc", null=True, blank=True, editable=False)

    guard = Guard(view="people.view", place="survivor__hamlet", personal=True)

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = "lần gộp hồ sơ"
        constraints = [models.UniqueConstraint(fields=["lesser"], condition=Q(undone_at=None), name="merged_once")]
