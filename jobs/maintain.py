"""The upkeep of a warehouse, as a Spark job with the arguments of `onefold maintain`.

spark-submit $(onefold submit-args) jobs/maintain.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["maintain", *sys.argv[1:]])
