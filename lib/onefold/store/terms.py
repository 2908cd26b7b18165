"""Numbered small files, each made by one process only: the ground that the lock of a warehouse stands on.

Making a file under a number that is taken must fail, whoever tries at the same moment. A local folder gives that by a hard
link; everywhere else by Delta's own log store, which is as safe there as Delta's commits are (HDFS, Azure and Google storage as
they are; S3 with the multi-cluster log store that Delta itself needs there).
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

__all__ = ["LocalTerms", "LogStoreTerms", "Terms", "terms_of"]

_NAME = re.compile(r"^(\d{20})\.json$")
Content = dict[str, Any]


class Terms(Protocol):
    """Numbered files with one JSON object each."""

    def newest(self) -> tuple[int, Content] | None:
        """Return the highest number and its content; None when there is no file."""

    def put(self, number: int, content: Content) -> bool:
        """Make the file of that number; False when it is there already."""

    def prune(self, below: int) -> None:
        """Delete the files of lower numbers; one that is gone already does no harm."""


class LocalTerms:
    """In a folder of this machine, or one that it has mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self) -> tuple[int, Content] | None:
        """Return the highest number and its content; None when there is no file."""
        numbers = self._numbers()
        return (max(numbers), json.loads(self._path(max(numbers)).read_text())) if numbers else None

    def put(self, number: int, content: Content) -> bool:
        """Make the file of that number, whole from its first moment; False when it is there already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{uuid4().hex}"
        draft.write_text(json.dumps(content))
        try:
            os.link(draft, self._path(number))
        except FileExistsError:
            return False
        finally:
            draft.unlink(missing_ok=True)
        return True

    def prune(self, below: int) -> None:
        """Delete the files of lower numbers."""
        for number in self._numbers():
            if number < below:
                self._path(number).unlink(missing_ok=True)

    def _numbers(self) -> list[int]:
        names = [_NAME.match(p.name) for p in self.folder.iterdir()] if self.folder.is_dir() else []
        return [int(name[1]) for name in names if name]

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:020d}.json"


class LogStoreTerms:
    """In any file system that Delta commits to, by the log store that Delta uses there."""

    def __init__(self, spark: SparkSession, folder: str) -> None:
        self._jvm: Any = spark.sparkContext._jvm
        self._session: Any = spark._jsparkSession
        self.folder = folder

    def newest(self) -> tuple[int, Content] | None:
        """Return the highest number and its content; None when there is no file."""
        place = self._hadoop_path(0)
        if not self._system().exists(place.getParent()):
            return None
        numbers = []
        found = self._store().listFrom(place, self._conf())
        while found.hasNext():
            name = _NAME.match(str(found.next().getPath().getName()))
            numbers += [int(name[1])] if name else []
        if not numbers:
            return None
        lines = self._store().read(self._hadoop_path(max(numbers)), self._conf())
        return max(numbers), json.loads("".join(lines.apply(i) for i in range(lines.size())))

    def put(self, number: int, content: Content) -> bool:
        """Make the file of that number; False when it is there already."""
        place = self._hadoop_path(number)
        self._system().mkdirs(place.getParent())
        lines = self._jvm.java.util.ArrayList()
        lines.add(json.dumps(content))
        actions = self._jvm.scala.jdk.javaapi.CollectionConverters.asScala(lines.iterator())
        try:
            self._store().write(place, actions, False, self._conf())
        except Py4JJavaError as error:
            if "AlreadyExists" in str(error.java_exception.getClass().getName()):
                return False
            raise
        return True

    def prune(self, below: int) -> None:
        """Delete the files of lower numbers, the nearest ones only: those further down were deleted before."""
        for number in range(max(0, below - 3), below):
            self._system().delete(self._hadoop_path(number), False)

    def _hadoop_path(self, number: int) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(f"{self.folder}/{number:020d}.json")

    def _system(self) -> Any:
        return self._hadoop_path(0).getFileSystem(self._conf())

    def _conf(self) -> Any:
        return self._session.sessionState().newHadoopConf()

    def _store(self) -> Any:
        return getattr(getattr(self._jvm, "org.apache.spark.sql.delta.storage.LogStore$"), "MODULE$").apply(self._session)


def terms_of(spark: SparkSession, folder: str) -> Terms:
    """Return the numbered files of a folder: by the operating system where it is local, else by Delta's log store."""
    local = folder.removeprefix("file://") if folder.startswith("file:///") else folder
    return LogStoreTerms(spark, folder) if "://" in local else LocalTerms(Path(local))
