"""Silver parties become scored pairs: blocking, comparing, training, scoring; and how to explain, evaluate and label them."""

from onefold.match.evaluate import Evaluation, evaluate
from onefold.match.explain import Explanation, explain
from onefold.match.judge.asking import Sheet, label_pairs
from onefold.match.judge.choose import Question, Wish, choose_pairs
from onefold.match.judge.cluster import Cluster, explain_cluster
from onefold.match.judge.labels import labelled_pairs
from onefold.match.matching import Matched, Population, Task, match_parties
from onefold.match.settings import BlockingSettings, ComparisonSettings

__all__ = [
    "BlockingSettings",
    "Cluster",
    "ComparisonSettings",
    "Evaluation",
    "Explanation",
    "Matched",
    "Population",
    "Question",
    "Sheet",
    "Task",
    "Wish",
    "choose_pairs",
    "evaluate",
    "explain",
    "explain_cluster",
    "label_pairs",
    "labelled_pairs",
    "match_parties",
]
