"""A campaign audience, as a Spark job with the arguments of `onefold audience`.

spark-submit $(onefold submit-args) jobs/audience.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["audience", *sys.argv[1:]])
