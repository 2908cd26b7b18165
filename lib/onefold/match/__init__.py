"""Silver parties become scored pairs: blocking, comparing, training, scoring; and how to explain and evaluate them."""

from onefold.match.evaluate import Evaluation, evaluate
from onefold.match.explain import Explanation, explain
from onefold.match.matching import Matched, Population, Task, match_parties
from onefold.match.settings import BlockingSettings, ComparisonSettings

__all__ = [
    "BlockingSettings",
    "ComparisonSettings",
    "Evaluation",
    "Explanation",
    "Matched",
    "Population",
    "Task",
    "evaluate",
    "explain",
    "match_parties",
]
