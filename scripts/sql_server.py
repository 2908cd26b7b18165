"""Serve the gold tables of a warehouse over SQL with Spark's Thrift server, in the foreground.

The tables are views over the Delta tables at the versions of the newest release, in a catalog that lives in memory: tables that
belong together fit together, names cannot be written to, and nothing is left behind. The server itself has no login, so it
listens on loopback unless told otherwise.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from onefold.contracts import TableContract
from onefold.contracts.gold import GOLD_TABLES
from onefold.contracts.matching import CUSTOMER_ID, CUSTOMER_ID_HISTORY
from onefold.contracts.quality import METRIC, QUALITY_TABLES
from onefold.errors import OnefoldError
from onefold.resolve import ID_COLUMNS
from onefold.store import SparkSettings, Warehouse, open_session
from onefold.store.release import newest_release
from onefold.store.session import local_jars

# What is served stands under gold, whatever folder it lies in; measures of quality stand under quality.
TABLES: tuple[TableContract, ...] = (*GOLD_TABLES, CUSTOMER_ID_HISTORY, *QUALITY_TABLES)
DATABASES = {
    "gold": "Golden records and what goes with them, read only",
    "quality": "What the rules found, measures over time, incidents and distances to targets, read only",
}
PERIODS = ("day", "week")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="serve-sql", description="Serve gold over SQL (JDBC, ODBC, beeline).")
    parser.add_argument("--warehouse", required=True, help="folder or URI that holds the Delta tables")
    parser.add_argument("--port", type=int, default=10000, help="port to listen on (default 10000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default loopback)")
    parser.add_argument("--without-login", action="store_true", help="listen on another address although there is no login")
    parser.add_argument("--refresh", type=float, default=60, help="seconds between looks for new tables and columns (60)")
    parser.add_argument("--memory", default="2g", help="heap of the server (default 2g)")
    given = parser.parse_args()
    if given.host not in LOOPBACK and not given.without_login:
        parser.error(
            f"the server has no login; --host {given.host} would open customer data to everyone who reaches this port. "
            "Put a gateway with a login before it, and add --without-login"
        )
    return given


def open_server_session(scratch: str, memory: str) -> SparkSession:
    """Open a session whose classes every server thread can see, and whose catalog and folders are temporary."""
    settings = SparkSettings()
    config = {
        "spark.driver.extraClassPath": ":".join(local_jars(settings)),
        "spark.driver.extraJavaOptions": f"-Dderby.system.home={scratch} -Dfile.encoding=UTF-8",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": f"{scratch}/spark-warehouse",
        "spark.sql.hive.thriftServer.singleSession": "false",
        "spark.hadoop.hive.exec.scratchdir": f"{scratch}/hive",
        "spark.hadoop.hive.exec.local.scratchdir": f"{scratch}/hive-local",
        "spark.hadoop.hive.server2.logging.operation.enabled": "false",
    }
    return open_session(SparkSettings(driver_memory=memory, config=config), app="onefold-sql")


def register(warehouse: Warehouse, known: dict[str, str]) -> None:
    """Make a view of each table, again when a release names another version or when somebody has dropped it."""
    spark = warehouse.spark
    there: set[str] = set()
    for database, comment in DATABASES.items():
        spark.sql(f"CREATE DATABASE IF NOT EXISTS {database} COMMENT {quoted(comment)}")
        there |= {f"{database}.{row['viewName']}" for row in spark.sql(f"SHOW VIEWS IN {database}").collect()}
    release = newest_release(warehouse)
    for table in TABLES:
        name = view_name(table)
        version = None if release is None else release.tables.get(table.name)
        if warehouse.exists(table):
            shown = f"{version} {warehouse.read(table, version=version).schema.simpleString()}"
            if name not in there or known.get(name) != shown:
                spark.sql(view_statement(warehouse, table, version))
                known[name] = shown
    more = {view_name(CUSTOMER_ID): (CUSTOMER_ID_HISTORY, id_view_statement())}
    more |= {f"{view_name(METRIC)}_{period}": (METRIC, period_view_statement(period)) for period in PERIODS}
    for name, (table, statement) in more.items():
        if view_name(table) in known and not (name in there and name in known):
            spark.sql(statement)
            known[name] = statement


def view_statement(warehouse: Warehouse, table: TableContract, version: int | None) -> str:
    """Return the statement that makes the view, at a version or always the newest, with the comments of the contract."""
    location = warehouse.path(table.name) if "://" in warehouse.root else Path(warehouse.path(table.name)).resolve()
    at = "" if version is None else f" VERSION AS OF {version}"
    return f"{view_head(table, warehouse.read(table, version=version).columns)} AS SELECT * FROM delta.`{location}`{at}"


def id_view_statement() -> str:
    """Return the statement that makes the view of where every customer id leads today."""
    columns = ", ".join(f"{made} AS {name}" for name, made in ID_COLUMNS.items())
    history = view_name(CUSTOMER_ID_HISTORY)
    head = view_head(CUSTOMER_ID, ["customer_id", *ID_COLUMNS])
    return f"{head} AS SELECT customer_id, {columns} FROM {history} GROUP BY customer_id"


def period_view_statement(period: str) -> str:
    """Return the statement that makes the view of the metrics of each day's or week's last run."""
    made = f"to_date(date_trunc('{period}', measured_at))"
    last = f"SELECT {made} AS {period}, max_by(run_id, struct(measured_at, run_id)) AS run_id FROM {view_name(METRIC)} GROUP BY 1"
    comment = quoted(f"Metrics of the last run of each {period} (UTC)")
    head = f"CREATE OR REPLACE VIEW {view_name(METRIC)}_{period} COMMENT {comment}"
    return f"{head} AS SELECT l.{period}, m.* FROM {view_name(METRIC)} m JOIN ({last}) l ON m.run_id = l.run_id"


def view_head(table: TableContract, names: list[str]) -> str:
    comments = {c.name: c.comment for c in table.columns}
    columns = ", ".join(f"`{n}` COMMENT {quoted(comments.get(n, ''))}" for n in names)
    return f"CREATE OR REPLACE VIEW {view_name(table)} ({columns}) COMMENT {quoted(table.comment)}"


def view_name(table: TableContract) -> str:
    """Return the name that a table is served by."""
    layer, _, name = table.name.rpartition("/")
    return f"{'quality' if layer == 'quality' else 'gold'}.{name}"


def quoted(text: str) -> str:
    """Return the text as a SQL literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def start(spark: SparkSession, host: str, port: int) -> None:
    """Start the server inside the session's own JVM."""
    jvm = spark.sparkContext._jvm
    system = jvm.java.lang.System
    system.setProperty("hive.server2.thrift.bind.host", host)
    system.setProperty("hive.server2.thrift.port", str(port))
    jvm.org.apache.spark.sql.hive.thriftserver.HiveThriftServer2.startWithContext(spark._jsparkSession.sqlContext())


def serve(given: argparse.Namespace, scratch: str) -> int:
    stop = threading.Event()

    def ended(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGINT, ended)
    os.environ["HIVE_SERVER2_THRIFT_BIND_HOST"] = given.host
    os.environ["HIVE_SERVER2_THRIFT_PORT"] = str(given.port)
    spark = open_server_session(scratch, given.memory)
    try:
        warehouse, known = Warehouse(spark, given.warehouse), {}
        register(warehouse, known)
        if not known:
            print(f"serve-sql: no gold table under {given.warehouse}; `onefold run` makes them", file=sys.stderr)
            return 3
        start(spark, given.host, given.port)
        announce(given, known)
        while not stop.wait(given.refresh):
            register(warehouse, known)
    finally:
        spark.stop()
    return 0


def announce(given: argparse.Namespace, known: dict[str, str]) -> None:
    beeline = shutil.which("beeline") or "beeline"
    url = f"jdbc:hive2://{given.host}:{given.port}/gold"
    print(f"serve-sql: {len(known)} tables: {', '.join(sorted(known))}")
    print(f"serve-sql: {url}")
    query = "SELECT entity_type, count(*) FROM customer GROUP BY entity_type"
    print(f"serve-sql: for example  {beeline} -u {url} -n reader -e '{query}'")
    print("serve-sql: Ctrl-C ends it", flush=True)


def main() -> int:
    given = arguments()
    scratch = tempfile.mkdtemp(prefix="onefold-sql-")
    try:
        return serve(given, scratch)
    except (OnefoldError, PySparkException) as error:
        print(f"serve-sql: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
