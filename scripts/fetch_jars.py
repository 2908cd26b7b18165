"""Copy the jars of Delta and GraphFrames into a folder, so that sessions start without resolving packages.

Spark's own resolver finds them, with the coordinates and exclusions of the product. What it needs it takes from its
cache (`~/.ivy2.5.2`) where it can. A folder that already holds what these coordinates ask for is left alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import struct
import sys
import tempfile
from pathlib import Path

from pyspark.java_gateway import launch_gateway

from onefold.store.session import EXCLUDED_GROUPS
from onefold.store.settings import SparkSettings

ADVICE = """\
The jars of {packages} could not be resolved; Spark's resolver says why in {log}. Usual reasons:
  - no way to a Maven repository: set DEFAULT_ARTIFACT_REPOSITORY to the address of one that you can reach;
  - a local Maven repository (~/.m2/repository) that holds a POM without its JAR: remove that entry;
  - a certificate that Java does not know: set SSL_CERT_FILE to the file that holds it;
  - a carrier that your repository does not serve: change `packages` of SparkSettings (or spark.yml) to one that it does.
Then run scripts/setup again."""
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


class Properties:
    """Spark properties, in the one way that the gateway's start asks for them."""

    def __init__(self, properties: dict[str, str]) -> None:
        self._properties = properties

    def getAll(self) -> list[tuple[str, str]]:  # noqa: N802 - the name that is asked for
        """Return all properties."""
        return list(self._properties.items())


def resolve(packages: tuple[str, ...], log: Path, *, home: Path | None = None) -> list[Path]:
    """Return the resolved jars, by starting a JVM that runs nothing; `home` stands in for the home folder."""
    properties = {"spark.jars.packages": ",".join(packages), "spark.jars.excludes": ",".join(EXCLUDED_GROUPS)}
    if home is not None:  # without a local Maven repository, and with the certificates that this machine trusts
        properties["spark.jars.ivy"] = str(home / "ivy")
        os.environ["SPARK_SUBMIT_OPTS"] = " ".join([f"-Duser.home={home}", *trust(home / "trusted.jks")])
    with log.open("a") as output:
        gateway = launch_gateway(conf=Properties(properties), popen_kwargs={"stdout": output, "stderr": output})
    listed = gateway.jvm.java.lang.System.getProperty("spark.jars") or ""
    gateway.shutdown()
    gateway.proc.terminate()
    return [Path(entry.removeprefix("file:").replace("///", "/")) for entry in listed.split(",") if entry]


def trust(store: Path) -> list[str]:
    """Write the certificates that Python trusts as a Java key store; return the options that make a JVM use it.

    A Java from the package registry brings a list of its own, which does not know a company's proxy.
    """
    named = [os.environ.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")]
    bundle = next((p for p in (*named, ssl.get_default_verify_paths().cafile, *BUNDLES) if p and Path(p).is_file()), None)
    if bundle is None:
        return []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=bundle)
    password = "changeit"
    store.write_bytes(key_store(context.get_ca_certs(binary_form=True), password))
    return [f"-Djavax.net.ssl.trustStore={store}", f"-Djavax.net.ssl.trustStorePassword={password}"]


def key_store(certificates: list[bytes], password: str) -> bytes:
    """Return trusted certificates (DER) in Java's JKS format, version 2."""

    def text(value: str) -> bytes:
        return struct.pack(">H", len(value)) + value.encode()

    body = struct.pack(">III", 0xFEEDFEED, 2, len(certificates))
    for number, certificate in enumerate(certificates):
        body += struct.pack(">I", 2) + text(f"trusted-{number}") + struct.pack(">Q", 0)
        body += text("X.509") + struct.pack(">I", len(certificate)) + certificate
    return body + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


def fetch(folder: Path) -> None:
    """Fill the folder, all or nothing, unless its stamp says that it is filled already."""
    packages = SparkSettings().packages
    stamp = hashlib.sha256("\n".join([*packages, *EXCLUDED_GROUPS]).encode()).hexdigest()
    mark = folder / ".stamp"
    if mark.is_file() and mark.read_text() == stamp:
        return
    print("setup: fetching the jars of Delta and GraphFrames", file=sys.stderr)
    log = folder.parent / "jars.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        try:
            jars = resolve(packages, log)
        except Exception:
            print("setup: once more, without the local Maven repository and with this machine's certificates", file=sys.stderr)
            try:
                jars = resolve(packages, log, home=Path(scratch))
            except Exception:
                sys.exit("setup: " + ADVICE.format(packages=" and ".join(packages), log=log))
        fresh = Path(scratch) / "jars"
        fresh.mkdir()
        for jar in jars:
            shutil.copy2(jar, fresh / jar.name)
        (fresh / ".stamp").write_text(stamp)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]).resolve())
