"""Bronze to silver, as a Spark job with the arguments of `onefold cleanse`.

spark-submit $(onefold submit-args) jobs/cleanse.py --conf DIR --warehouse DIR [...]
"""

import sys

from onefold.cli.main import main

if __name__ == "__main__":
    main(["cleanse", *sys.argv[1:]])
