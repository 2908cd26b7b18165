"""Silver to scored pairs, as a Spark job with the arguments of `onefold match`.

spark-submit $(onefold submit-args) jobs/match.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["match", *sys.argv[1:]])
