"""Copy the jars of Delta and GraphFrames into a folder, so that sessions start without resolving packages.

Spark's own resolver finds them, with the coordinates and exclusions of the product. What it needs it takes from its
cache (`~/.ivy2.5.2`) where it can. A folder that already holds what these coordinates ask for is left alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from pyspark.java_gateway import launch_gateway

from onefold.store.session import EXCLUDED_GROUPS
from onefold.store.settings import SparkSettings

ADVICE = """\
The jars of {packages} could not be resolved; Spark's resolver says why in {log}. Usual reasons:
  - no way to a Maven repository: set DEFAULT_ARTIFACT_REPOSITORY to the address of one that you can reach;
  - a local Maven repository (~/.m2/repository) that holds a POM without its JAR: remove that entry;
  - a carrier that your repository does not serve: change `packages` of SparkSettings (or spark.yml) to one that it does.
Then run scripts/setup again."""


def resolve(packages: tuple[str, ...], log: Path, *, home: Path | None = None) -> list[Path]:
    """Return the resolved jars, by starting a JVM that runs nothing; `home` stands in for the home folder."""
    options = {"spark.jars.packages": ",".join(packages), "spark.jars.excludes": ",".join(EXCLUDED_GROUPS)}
    if home is not None:  # a home without a local Maven repository
        options["spark.jars.ivy"] = str(home / "ivy")
        os.environ["SPARK_SUBMIT_OPTS"] = f"-Duser.home={home}"
    with log.open("a") as output:
        gateway = launch_gateway(conf=_Conf(options), popen_kwargs={"stdout": output, "stderr": output})
    listed = gateway.jvm.java.lang.System.getProperty("spark.jars") or ""
    gateway.shutdown()
    gateway.proc.terminate()
    return [Path(entry.removeprefix("file:").replace("///", "/")) for entry in listed.split(",") if entry]


class _Conf:
    """The one thing of a SparkConf that the gateway's start asks for."""

    def __init__(self, options: dict[str, str]) -> None:
        self._options = options

    def getAll(self) -> list[tuple[str, str]]:  # noqa: N802 - the name that is asked for
        return list(self._options.items())


def fetch(folder: Path) -> None:
    """Fill the folder, all or nothing, unless its stamp says that it is filled already."""
    packages = SparkSettings().packages
    stamp = hashlib.sha256("\n".join([*packages, *EXCLUDED_GROUPS]).encode()).hexdigest()
    mark = folder / ".stamp"
    if mark.is_file() and mark.read_text() == stamp:
        return
    print("setup: fetching the jars of Delta and GraphFrames", file=sys.stderr)
    log = folder.parent / "jars.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        try:
            jars = resolve(packages, log)
        except Exception:
            print("setup: once more, leaving the local Maven repository aside", file=sys.stderr)
            try:
                jars = resolve(packages, log, home=Path(scratch))
            except Exception:
                sys.exit("setup: " + ADVICE.format(packages=" and ".join(packages), log=log))
        fresh = Path(scratch) / "jars"
        fresh.mkdir()
        for jar in jars:
            shutil.copy2(jar, fresh / jar.name)
        (fresh / ".stamp").write_text(stamp)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
