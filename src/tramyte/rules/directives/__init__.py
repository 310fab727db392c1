"""Text of an administrative directive to obligations: header, legal bases, tasks, reporting duties, targets.

The layout is that of Nghị định 30/2020/NĐ-CP as it really comes: broken lines, page debris, missing parts, news items.
"""

from tramyte.rules.directives.model import Duty, LegalBasis, Parsed, Signer, Target, Task, Unassigned
from tramyte.rules.directives.reading import parse

__all__ = ["Duty", "LegalBasis", "Parsed", "Signer", "Target", "Task", "Unassigned", "parse"]
