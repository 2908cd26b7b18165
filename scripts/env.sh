# Sourced by the other scripts after scripts/setup: this checkout's Python, Java and jars, and nobody else's Spark.
ONEFOLD_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export PATH="$ONEFOLD_ROOT/.venv/bin:$PATH"
export VIRTUAL_ENV="$ONEFOLD_ROOT/.venv"
export PYSPARK_PYTHON="$ONEFOLD_ROOT/.venv/bin/python"
export PYSPARK_DRIVER_PYTHON="$PYSPARK_PYTHON"
export ONEFOLD_JARS="$ONEFOLD_ROOT/.cache/jars"
if [ -x "$ONEFOLD_ROOT/.cache/java/bin/java" ]; then
    export JAVA_HOME="$ONEFOLD_ROOT/.cache/java"
    export PATH="$JAVA_HOME/bin:$PATH"
fi
export SPARK_LOCAL_IP="${SPARK_LOCAL_IP:-127.0.0.1}"
unset SPARK_HOME SPARK_CONF_DIR PYTHONPATH PYTHONHOME
# Every Python worker would compile pandas and the rest anew: seconds a start.
unset PYTHONDONTWRITEBYTECODE
