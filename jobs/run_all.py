"""The whole run, ingest to gold, as a Spark job with the arguments of `onefold run`.

spark-submit $(onefold submit-args) jobs/run_all.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
