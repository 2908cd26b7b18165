"""The commands that profile tables and files: `profile`, and under it compare, overlap and runs."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from onefold.cli.opened import opened, shown
from onefold.cli.options import Conf, LogFormat, LogFormatOption, Settings, Verbose, WarehouseRoot
from onefold.cli.pages import Html, write_page
from onefold.profile.page import comparison_page, profile_page
from onefold.profile.rows import TERMINAL, terminal_rows
from onefold.run.profile import (
    Wish,
    compare_runs,
    keep_overlaps,
    keep_profiles,
    party_overlaps,
    profile_tables,
    profiled_runs,
)

__all__ = ["register"]

Keep = Annotated[bool, typer.Option("--keep/--no-keep", help="Whether the result is kept in the warehouse.")]
_DEFAULT = "table"


class _TableFirst(TyperGroup):
    """Takes `profile bronze/crm` for `profile table bronze/crm`."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        """Put the usual command in front where none is named."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(cls=_TableFirst, no_args_is_help=True, add_completion=False)
    group.command(_DEFAULT, help="Profile tables, sources or files; what `onefold profile NAME` does.")(_profile)
    group.command("compare", help="Show what changed between the profiles of two runs.")(_compare)
    group.command("overlap", help="Show how much of each source's e-mails, phones and identifiers the others hold too.")(_overlap)
    group.command("runs", help="List the runs whose profiles are kept.")(_runs)
    app.add_typer(
        group,
        name="profile",
        help="Profile tables, sources or files: `onefold profile bronze/crm`. Also compare, overlap and runs.",
    )


def _profile(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Tables (gold/customer), sources (crm), or paths of Delta, Parquet, CSV, JSON."),
    ],
    conf: Conf,
    warehouse: WarehouseRoot,
    html: Html = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Try pairs of columns as keys where no single column is one.")] = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="Show and keep values of columns that may be personal, too.")
    ] = False,
    keep: Keep = True,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        profiles = profile_tables(context, names, Wish(pairs=pairs, show_values=show_values))
        if keep:
            keep_profiles(context, profiles)
    for profile in profiles:
        display.rows(f"profile of {profile.table}, {profile.rows:,} rows", TERMINAL, terminal_rows(profile))
        if log_format is LogFormat.TEXT:
            display.say(f"keys: {', '.join(profile.unique_keys) or 'none found'}; {profile.seconds:.1f} s")
    if log_format is LogFormat.TEXT:
        display.say("* inferred from text   ~ estimated within about 2 %")
        if keep:
            display.say(f"kept as run {context.run_id}: `onefold profile compare RUN {context.run_id}` shows what changed")
    if html is not None:
        write_page(html, profile_page(profiles, shows_values=show_values), display)


def _compare(
    before: Annotated[str, typer.Argument(metavar="RUN", help="Run of the earlier profile.")],
    after: Annotated[str, typer.Argument(metavar="RUN", help="Run of the later profile.")],
    conf: Conf,
    warehouse: WarehouseRoot,
    html: Html = None,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        changes, tables = compare_runs(context, before, after)
    columns = ("table", "column", "what", "before", "after", "size", "large")
    rows = [(c.table, c.column, c.what, c.before, c.after, c.size, c.large) for c in changes]
    if rows or log_format is LogFormat.JSON:
        display.rows(f"changes from {before} to {after}", columns, rows)
    else:
        display.say(f"nothing has changed in {', '.join(tables)}")
    if html is not None:
        write_page(html, comparison_page(changes, (before, after), tables), display)


def _overlap(
    conf: Conf,
    warehouse: WarehouseRoot,
    keep: Keep = True,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        found = party_overlaps(context)
        if keep:
            keep_overlaps(context, found)
    rows = [(o.attribute, o.source, o.other, o.distinct, o.shared, round(o.share, 4)) for o in found if o.shared]
    display.rows("what sources share", ("attribute", "source", "other", "values", "shared", "share"), rows)


def _runs(
    conf: Conf,
    warehouse: WarehouseRoot,
    settings: Settings = None,
    log_format: LogFormatOption = LogFormat.TEXT,
    verbose: Verbose = False,
) -> None:
    display = shown(log_format, verbose=verbose)
    with opened(conf, warehouse, settings, display) as context:
        rows = profiled_runs(context)
    display.rows("profiles kept", ("run", "at (UTC)", "columns", "tables"), rows)
