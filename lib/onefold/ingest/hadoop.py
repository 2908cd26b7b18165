"""Reaches raw files through Hadoop's file systems (local, HDFS, S3 alike): list, hash, first bytes, encodings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from onefold.errors import ConfigurationError

__all__ = [
    "JAVA_ERRORS",
    "FileStatus",
    "charset",
    "decode",
    "drains",
    "error_name",
    "head",
    "keeps_ascii",
    "list_files",
    "parquet_footer",
    "sha256",
]

_BUFFER = 1 << 20

JAVA_ERRORS = (Py4JJavaError, PySparkException)
"""How an error of the JVM arrives in Python: as it is, or as one of PySpark's own kinds."""


@dataclass(frozen=True)
class FileStatus:
    """One file as the file system lists it: path, the URI that Spark reports for its rows, bytes, modification time (ms)."""

    path: str
    uri: str
    size: int
    modified_ms: int


def _jvm(spark: SparkSession) -> Any:
    # The one place that reaches past the typed API: PySpark has no public door to Hadoop's file systems.
    return spark.sparkContext._jvm


def error_name(error: Exception) -> str:
    """Return the kind of a JVM error without its message, which may quote data."""
    if isinstance(error, PySparkException) and error.getCondition():
        return str(error.getCondition())
    return str(error.java_exception.getClass().getSimpleName()) if isinstance(error, Py4JJavaError) else type(error).__name__


def _conf(spark: SparkSession) -> Any:
    return spark._jsparkSession.sessionState().newHadoopConf()


def _open(spark: SparkSession, path: str) -> Any:
    place = _jvm(spark).org.apache.hadoop.fs.Path(path)
    return place.getFileSystem(_conf(spark)).open(place, _BUFFER)


def _decompressed(spark: SparkSession, path: str) -> Any:
    # Spark's own opener, so that exactly the compressions that its readers know are known here.
    codecs = _jvm(spark).org.apache.spark.sql.execution.datasources.CodecStreams
    return codecs.createInputStream(_conf(spark), _jvm(spark).org.apache.hadoop.fs.Path(path))


def list_files(spark: SparkSession, glob: str) -> list[FileStatus]:
    """Return the files that a glob matches, a matched folder standing for the files below it, sorted by path.

    Files that Spark takes for markers or unfinished copies (`_x`, `.x`, `x._COPYING_`) are left out.
    """
    place = _jvm(spark).org.apache.hadoop.fs.Path(glob)
    system = place.getFileSystem(_conf(spark))
    found: dict[str, FileStatus] = {}
    for status in system.globStatus(place) or ():
        if status.isFile():
            _keep(spark, found, status)
            continue
        below = system.listFiles(status.getPath(), True)
        while below.hasNext():
            _keep(spark, found, below.next())
    return [found[path] for path in sorted(found)]


def _keep(spark: SparkSession, found: dict[str, FileStatus], status: Any) -> None:
    path = status.getPath()
    name = path.getName()
    if not name.startswith(("_", ".")) and not name.endswith("._COPYING_"):
        # Made anew from its text, a local path has one form of URI (file:/x, never file:///x): the form Spark reports.
        uri = _jvm(spark).org.apache.hadoop.fs.Path(path.toString()).toUri().toString()
        found[path.toString()] = FileStatus(path.toString(), uri, int(status.getLen()), int(status.getModificationTime()))


def sha256(spark: SparkSession, path: str) -> str:
    """Return the SHA-256 of the file's bytes as they lie there (compressed if they are), streamed inside the JVM."""
    return _digest(spark, _open(spark, path))


def drains(spark: SparkSession, path: str) -> bool:
    """Tell whether the file can be decompressed to its end."""
    try:
        _digest(spark, _decompressed(spark, path))
    except JAVA_ERRORS:
        return False
    return True


def _digest(spark: SparkSession, stream: Any) -> str:
    try:
        return str(_jvm(spark).org.apache.commons.codec.digest.DigestUtils.sha256Hex(stream))
    finally:
        stream.close()


def head(spark: SparkSession, path: str, limit: int) -> bytes:
    """Return at most the first `limit` bytes of a file, decompressed.

    Raises:
        OSError: when the file cannot be opened or decompressed that far.
    """
    try:
        stream = _decompressed(spark, path)
        try:
            return bytes(stream.readNBytes(limit))
        finally:
            stream.close()
    except JAVA_ERRORS as error:
        raise OSError(error_name(error)) from error


def parquet_footer(spark: SparkSession, path: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a Parquet file's schema as text, and its top-level columns as (name, their own part of that text).

    Raises:
        OSError: when the file is not Parquet or its footer is damaged.
    """
    jvm = _jvm(spark)
    try:
        place = jvm.org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(jvm.org.apache.hadoop.fs.Path(path), _conf(spark))
        reader = jvm.org.apache.parquet.hadoop.ParquetFileReader.open(place)
        try:
            schema = reader.getFooter().getFileMetaData().getSchema()
            return str(schema.toString()), tuple((str(f.getName()), str(f.toString())) for f in schema.getFields())
        finally:
            reader.close()
    except JAVA_ERRORS as error:
        raise OSError(error_name(error)) from error


def charset(spark: SparkSession, name: str) -> str:
    """Return the Java name of an encoding given by its Java or Python name.

    Raises:
        ConfigurationError: when neither knows it.
    """
    known = _jvm(spark).java.nio.charset.Charset
    for candidate in (name, _python_name(name)):
        try:
            if candidate and known.isSupported(candidate):
                return str(known.forName(candidate).name())
        except JAVA_ERRORS:
            continue  # a name with characters that no encoding has
    raise ConfigurationError(f"unknown encoding {name!r}", hint="use a name such as utf-8, latin-1, windows-1252, utf-16, cp037")


def _python_name(name: str) -> str:
    import codecs  # only for the odd name; Java's own names come first

    try:
        return codecs.lookup(name).name.removesuffix("-sig").replace("mac-", "x-Mac")
    except LookupError:
        return ""


def decode(spark: SparkSession, data: bytes, encoding: str) -> str:
    """Return bytes as text in a Java encoding, what does not fit as U+FFFD, without a byte order mark."""
    return str(_jvm(spark).java.lang.String(data, encoding)).removeprefix("\ufeff")


def keeps_ascii(spark: SparkSession, encoding: str) -> bool:
    """Tell whether ASCII bytes mean themselves in the encoding, so that lines can be found before decoding."""
    plain = bytes(range(32, 127))
    return decode(spark, plain, encoding) == plain.decode("ascii")
