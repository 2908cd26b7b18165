"""Silver to what every rule found, as a Spark job with the arguments of `onefold quality`.

spark-submit $(onefold submit-args) jobs/quality.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["quality", *sys.argv[1:]])
