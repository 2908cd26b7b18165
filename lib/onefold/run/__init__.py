"""The conductor: a file a stage, each reading, transforming, judging, writing and counting; the only room that sees all."""

from onefold.run.conductor import STAGES, new_context, record, run_stages
from onefold.run.context import ItemReport, RunContext, StageReport

__all__ = ["STAGES", "ItemReport", "RunContext", "StageReport", "new_context", "record", "run_stages"]
