"""Entity map and silver to gold, as a Spark job with the arguments of `onefold publish`.

spark-submit $(onefold submit-args) jobs/publish.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["publish", *sys.argv[1:]])
