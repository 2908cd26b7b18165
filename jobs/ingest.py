"""Raw exports to bronze, as a Spark job with the arguments of `onefold ingest`.

spark-submit $(onefold submit-args) jobs/ingest.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["ingest", *sys.argv[1:]])
