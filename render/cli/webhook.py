"""`promrender webhook`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from render.cli.exits import Trouble
from render.promql.syntax import FLAGS, syntax_of

if TYPE_CHECKING:
    import socket

    from render.admission.certificates import Certificates
    from render.admission.metrics import Metrics

LEGACY, UTF8 = "legacy", "utf8"
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(name="webhook")
@click.option("--listen", default=":8443", show_default=True, metavar="[HOST]:PORT", help="Address to serve on.")
@click.option("--tls-cert", required=True, type=FILE, help="PEM file with the certificate and its chain.")
@click.option(
    "--tls-key", required=True, type=FILE, help="PEM file with the key; both are read again when they change."
)
@click.option(
    "--name-validation-scheme",
    "scheme",
    type=click.Choice([UTF8, LEGACY]),
    default=UTF8,
    show_default=True,
    help="Names of metrics and labels that PrometheusRules may use.",
)
@click.option(
    "--enable-feature",
    "features",
    multiple=True,
    type=click.Choice(list(FLAGS)),
    help="Let PrometheusRules use what a server admits with this feature flag (repeatable).",
)
@click.option(
    "--max-request-size", default=32, show_default=True, type=click.IntRange(1, 1024), help="Size of a request, in MiB."
)
@click.option("-v", "--verbose", is_flag=True, help="Log every request, too.")
def command(  # noqa: PLR0913 - one parameter for each flag
    listen: str,
    tls_cert: Path,
    tls_key: Path,
    scheme: str,
    *,
    features: tuple[str, ...],
    max_request_size: int,
    verbose: bool,
) -> None:
    """Serve the admission and conversion webhook of the monitoring API, with the rules that `render` uses.

    It refuses PrometheusRules and AlertmanagerConfigs that no server could load, and converts AlertmanagerConfigs
    between v1alpha1 and v1beta1. GET /healthz and /metrics tell how it is.
    """
    _import_server()
    from render.admission import Settings, server
    from render.admission.application import Application, Limits
    from render.admission.metrics import Metrics

    _log(verbose=verbose)
    metrics = Metrics()
    certificates = _certificates(tls_cert, tls_key, metrics)
    listening = _listening(listen)
    host, port = listening.getsockname()[:2]
    click.echo(f"serving on {host} port {port}", err=True)
    settings = Settings(utf8_names=scheme == UTF8, syntax=syntax_of(features))
    application = Application(settings, metrics, Limits(body=max_request_size << 20))
    server.serve(application, certificates, listening)
    click.echo("stopped", err=True)


def _import_server() -> None:
    try:
        import prometheus_client  # noqa: F401 - only to see that it is there
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        message = f"the webhook needs {error.name}: install promrender[render,webhook]"
        raise Trouble(message) from None


def _log(*, verbose: bool) -> None:
    import logging

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )


def _certificates(certificate: Path, key: Path, metrics: Metrics) -> Certificates:
    from render.admission.certificates import Certificates

    try:
        return Certificates(certificate, key, metrics)
    except FileNotFoundError as error:
        message = f"{error.filename or certificate} does not exist"
        raise Trouble(message) from None
    except (OSError, ValueError) as error:
        message = f"{certificate} and {key} are no certificate and key in PEM that fit: {type(error).__name__}"
        raise Trouble(message) from None


def _listening(address: str) -> socket.socket:
    from render.admission import server

    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        message = f"--listen: {address!r} is no address such as :8443 or 127.0.0.1:8443"
        raise Trouble(message)
    try:
        return server.listen(host.removeprefix("[").removesuffix("]"), int(port))
    except (OSError, OverflowError) as error:
        message = f"--listen: {address} cannot be used: {getattr(error, 'strerror', None) or error}"
        raise Trouble(message) from None
