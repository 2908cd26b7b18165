"""The figures of merit against a truth, as a Spark job with the arguments of `onefold evaluate`.

spark-submit $(onefold submit-args) jobs/evaluate.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["evaluate", *sys.argv[1:]])
