"""Scored pairs to the entity map, as a Spark job with the arguments of `onefold resolve`.

spark-submit $(onefold submit-args) jobs/resolve.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["resolve", *sys.argv[1:]])
