"""The API server of a cluster: access to it, requests, lists by pages, and patience while it starts anew.

The official client brings the credentials and the connection; its models are left out: an answer is the JSON that the
API server wrote. Nothing that is raised here holds a credential or what an object holds.
"""

from __future__ import annotations

import json
import logging
import os
import re
import ssl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from render.sources.unusable import UnusableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGE = 250
"""Objects that one call asks for. Pages bound the memory: an object may be 1 MiB."""

READ_PATIENCE, APPLY_PATIENCE = 10.0, 60.0
"""Seconds to go on asking an API server that answered before: while it is read, and while it is changed."""

CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
OK, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, EXPIRED = 200, 401, 403, 404, 410
OVERLOADED = (429, 500, 502, 503, 504)
"""What says that the same request may be taken a little later."""

_BROKEN = 500
_ITSELF = "see that the kubeconfig's server is the API server itself"
_CERTIFICATE = "correct certificate-authority of the kubeconfig, or have the certificate renewed"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_PLUGIN = re.compile(r"No such file or directory: '([^']+)'|process returned -?\d+")


class NoAnswerError(Exception):
    """The API server gives no answer, or none that makes sense; the text says why, `hint` what to do."""

    def __init__(self, why: str, hint: str = "see that it can be reached, and try again") -> None:
        super().__init__(why)
        self.hint = hint


class Answer(NamedTuple):
    """Status and body of an answer, and the seconds after which the API server wants to be asked again."""

    status: int
    body: bytes
    pause: float = 0.0

    def json(self) -> dict[str, Any]:
        """The object that the body is.

        :raises NoAnswerError: it is cut off, or comes from something that is no API server
        """
        try:
            decoded = msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            decoded = None
        if isinstance(decoded, dict):
            return decoded
        page = self.body.lstrip()[:1] == b"<"
        why = "a web page, as from a proxy or a login" if page else "cut off or no JSON"
        raise NoAnswerError(f"the API server's answer is {why}", _ITSELF)


class ApiServer:
    """Asks an API server. Counts its `calls`.

    `client` is the official client's. A request that gets no answer, or one of OVERLOADED, is made again until
    `patience` seconds have passed: all that is asked here may be asked twice. Not so the very first one: an address
    that never gave a proper answer is wrong.
    """

    def __init__(self, client: Any, patience: float) -> None:  # noqa: ANN401 - the client ships no types
        self._client, self._patience = client, patience
        self._answered = False
        self.calls = 0

    def request(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: object = None, form: str = "json"
    ) -> Answer:
        """The answer, whatever its status; `form` is the kind of `body` behind `application/`.

        :raises NoAnswerError: there is none for longer than the patience lasts
        """
        from urllib3.exceptions import HTTPError

        ends, pause, lost = time.monotonic() + self._patience, _FIRST_PAUSE, ""
        target = f"{path}?{urlencode(query)}" if query else path
        content = None if body is None else json.dumps(body).encode()
        while True:
            answer = None
            try:
                answer = self._once(method, target, content, form)
            except (HTTPError, OSError, ValueError) as error:
                lost = _why(error)
                if _certificate(error):
                    raise NoAnswerError(lost, _CERTIFICATE) from None
            if answer and not self._for_now(answer.status, lost=bool(lost)):
                return answer
            if not self._answered:
                break
            wait = max(pause, answer.pause if answer else 0.0)
            if time.monotonic() + wait > ends:
                break
            time.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
        if answer and answer.status not in OVERLOADED:
            return answer
        why = f"the API server answers with status {answer.status}" if answer else lost
        raise NoAnswerError(f"{why}, for {self._patience:g} s" if self._answered else why)

    def pages(self, path: str, query: Mapping[str, Any]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Status and objects of each page of a list; nothing but a page is kept.

        :raises NoAnswerError: there is none, or one that is no list
        """
        asked = {"limit": PAGE, **query}
        while True:
            answer = self.request("GET", path, asked)
            if answer.status not in (OK, EXPIRED):
                yield answer.status, []
                return
            found = answer.json()
            items = found.get("items") or [] if answer.status == OK else []
            metadata = found.get("metadata")
            if not (isinstance(metadata, dict) and isinstance(items, list) and all(isinstance(x, dict) for x in items)):
                raise NoAnswerError("the API server's answer is no list", _ITSELF)
            token = metadata.get("continue")
            if answer.status == EXPIRED and not token:
                raise NoAnswerError("the API server dropped the list while that was read")
            yield answer.status, items
            if not token:
                return
            asked["continue"] = token

    def expired(self) -> str:
        """When the client's certificate expired, if it did: the usual reason for status 401."""
        from datetime import UTC, datetime

        from cryptography import x509

        try:
            ends = x509.load_pem_x509_certificate(Path(self._client.configuration.cert_file).read_bytes())
        except (TypeError, ValueError, OSError):
            return ""
        date = ends.not_valid_after_utc
        return f": the client certificate expired at {date:%Y-%m-%d %H:%M} UTC" if date < datetime.now(UTC) else ""

    def _once(self, method: str, target: str, content: bytes | None, form: str) -> Answer:
        import urllib3

        settings = self._client.configuration
        with _plugin_errors():
            signed = {each["key"]: each["value"] for each in settings.auth_settings().values() if each["value"]}
        headers = {"Accept": "application/json", "User-Agent": "promrender", **signed}
        self.calls += 1
        answer = self._client.rest_client.pool_manager.request(
            method,
            settings.host + target,
            body=content,
            headers=headers | ({"Content-Type": f"application/{form}"} if content is not None else {}),
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=False,
            redirect=False,
        )
        self._answered |= answer.status < _BROKEN
        pause = answer.headers.get("Retry-After", "")
        return Answer(answer.status, answer.data, float(pause) if pause.isdigit() else 0.0)

    def _for_now(self, status: int, *, lost: bool) -> bool:
        """Whether a status may be another one soon: a server that starts knows neither roles nor definitions yet."""
        if status in OVERLOADED:
            return True
        doubted = status in (UNAUTHORIZED, FORBIDDEN) or (lost and status == NOT_FOUND)
        return doubted and not self._ready((OK,) if lost else (OK, status))

    def _ready(self, expected: tuple[int, ...]) -> bool:
        from urllib3.exceptions import HTTPError

        try:
            return self._once("GET", "/readyz", None, "").status in expected
        except (HTTPError, OSError):
            return False


def path_of(version: str, plural: str, namespace: str = "", name: str = "") -> str:
    """Where the API has the objects of a kind, in a namespace or in all (empty), or the one with the name."""
    parts = ["apis" if "/" in version else "api", version]
    parts += ["namespaces", quote(namespace, safe="")] if namespace else []
    return "/" + "/".join([*parts, plural, *([quote(name, safe="")] if name else [])])


def connect(kubeconfig: str, context: str, patience: float = READ_PATIENCE) -> ApiServer:
    """Access with the credentials of a kubeconfig file, or of the pod where there is none.

    :raises UnusableSourceError: there is no access, or the client is not installed
    """
    try:
        from kubernetes import client, config
    except ModuleNotFoundError:
        raise UnusableSourceError("a cluster needs more", "install promrender[render,cluster]") from None
    settings = client.Configuration()
    in_pod = not (kubeconfig or context) and not _default_kubeconfig() and "KUBERNETES_SERVICE_HOST" in os.environ
    try:
        with _plugin_errors() as errors:
            if in_pod:
                config.load_incluster_config(client_configuration=settings)
            else:
                config.load_kube_config(kubeconfig or None, context or None, client_configuration=settings)
    except config.ConfigException as error:
        raise UnusableSourceError(f"no access to the cluster: {error}", "correct --kubeconfig or --context") from None
    except Exception as error:  # noqa: BLE001 - its text may quote the file, which holds credentials
        message = f"the kubeconfig file cannot be read: {type(error).__name__}"
        raise UnusableSourceError(message, "correct --kubeconfig") from None
    if errors:
        raise UnusableSourceError(_plugin(errors[0]), "run it by hand: users[].user.exec of the kubeconfig file has it")
    if not settings.host.startswith(("https://", "http://")):
        raise UnusableSourceError("the kubeconfig's server is no URL", "write it as https://HOST:PORT")
    return ApiServer(client.ApiClient(settings), patience)


def _default_kubeconfig() -> bool:
    return bool(os.environ.get("KUBECONFIG")) or Path("~/.kube/config").expanduser().exists()


@contextmanager
def _plugin_errors() -> Iterator[list[str]]:
    """What the client logs about the program that gives credentials, instead of raising it; shown to nobody.

    It holds what that program wrote, and so, maybe, a credential.
    """
    caught: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            caught.append(record.getMessage())

    root, kept = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers[:] = [Catch(logging.ERROR)]
    try:
        yield caught
    finally:
        root.handlers[:] = kept


def _plugin(error: str) -> str:
    """Of such an error, what holds no credential: that the program is missing, or its exit status."""
    found = _PLUGIN.search(error)
    why = "" if not found else f": there is no program {found[1]}" if found[1] else f": its {found[0]}"
    return f"no access to the cluster: the program that gives the credentials gave none{why}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        inner = next((each for each in error.args if isinstance(each, BaseException)), None)
        error = inner or error.__cause__ or error.__context__


def _certificate(error: BaseException) -> str:
    """Why the API server's certificate is not trusted, if that is the reason."""
    found = (each for each in _causes(error) if isinstance(each, ssl.SSLCertVerificationError))
    return next((each.verify_message or each.reason for each in found), "")


def _why(error: BaseException) -> str:
    """Why there is no answer, in words that hold nothing of the request."""
    untrusted = _certificate(error)
    if untrusted:
        return f"the API server's certificate is not trusted: {untrusted}"
    if isinstance(error, ValueError) and not isinstance(error, OSError) and "header" in str(error):
        return "the API server cannot be asked: the kubeconfig's token is none that can be sent"
    tls = next((each for each in _causes(error) if isinstance(each, ssl.SSLError)), None)
    if tls:
        return f"no TLS connection to the API server: {tls.reason or tls.strerror}"
    system = (each.strerror for each in _causes(error) if isinstance(each, OSError) and each.strerror)
    return f"the API server does not answer ({next(system, '') or type(error).__name__})"
