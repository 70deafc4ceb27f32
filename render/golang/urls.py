"""Verdicts on URLs as Go's net/url (1.26) gives them, and what Alertmanager's own URL type adds.

Texts are judged byte by byte in Go; here they are text, and characters beyond ASCII pass wherever bytes from 0x80 do.
"""

from __future__ import annotations

import ipaddress
import json
import re
from functools import lru_cache
from string import ascii_letters, digits
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_PORT = re.compile(r"(?::[0-9]*)?")
_USER_INFO = re.compile(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*")
# Bytes beyond ASCII may be escaped in a host, and the percent sign for the zone of an IPv6 address.
_HOST_CHARACTERS = r"[A-Za-z0-9._~!$&'()*+,;=:\[\]<>\"-]|[^\x00-\x7f]"
_HOST = re.compile(rf"(?:{_HOST_CHARACTERS}|%[89a-fA-F][0-9a-fA-F]|%25)*")
_ZONE = re.compile(rf"(?:{_HOST_CHARACTERS}|%[0-9a-fA-F]{{2}})*")
_ZONE_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_ZONE_BYTE = re.compile(rf"{_HOST_CHARACTERS}|[ %]")
_UNRESERVED = frozenset(f"{ascii_letters}{digits}-_.~%")
_SAFE = "$&+,/:;=@"
_KEPT_ESCAPED = f"{_SAFE}!'()*[]"


class UrlError(ValueError):
    """The text is no URL, or not one of the wanted kind."""


class Url(NamedTuple):
    """The parts of a URL that verdicts need: the scheme in lower case, the host with its port; each may be empty."""

    scheme: str
    host: str


@lru_cache(maxsize=4096)
def parse_url(text: str) -> Url:
    """Read a URL reference as Go's `url.Parse` does; relative ones are fine. Raises UrlError."""
    before, _, fragment = text.partition("#")
    if _CONTROL.search(before):
        msg = "a URL must not hold control characters"
        raise UrlError(msg)
    scheme, rest = _split_scheme(before)
    rest = rest.partition("?")[0]
    host = ""
    if not rest.startswith("/"):
        if scheme:
            return _checked_fragment(Url(scheme, ""), fragment)
        if ":" in rest.partition("/")[0]:
            msg = "the first path segment of a URL without a scheme must not hold a colon"
            raise UrlError(msg)
    elif rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        host = _authority(scheme, authority)
        rest = slash + path
    _check_escapes(rest)
    return _checked_fragment(Url(scheme, host), fragment)


@lru_cache(maxsize=4096)
def check_http_url(text: str) -> None:
    """Raise UrlError unless Alertmanager takes the text as a URL: http or https, with a host.

    The operator hands the text over between the quotes of a JSON string without escaping it, so that escape sequences
    of JSON are read in it, and a double quote ends it. Source: the operator's `validation.ValidateURL`.
    """
    try:
        value = json.loads(f'"{text}"')
    except ValueError:
        msg = "the URL holds a quote, a backslash or a control character"
        raise UrlError(msg) from None
    if not isinstance(value, str):
        msg = "the URL is no text"
        raise UrlError(msg)
    check_alertmanager_url(value)


@lru_cache(maxsize=4096)
def check_alertmanager_url(text: str) -> None:
    """Raise UrlError unless the text is a URL to Alertmanager's configuration: http or https, with a host."""
    url = parse_url(text)
    if url.scheme not in ("http", "https"):
        msg = f"the scheme must be http or https, not {url.scheme!r}"
        raise UrlError(msg)
    if not url.host:
        msg = "the URL has no host"
        raise UrlError(msg)


def check_secret_http_url(text: str) -> None:
    """As `check_http_url`, but the message holds nothing of the text, which is a credential. Raises UrlError."""
    try:
        check_http_url(text)
    except UrlError:
        msg = "the value is not an http or https URL with a host"
        raise UrlError(msg) from None


def normalize_url(text: str) -> str:
    """The URL as Go's `URL.String` writes it: the scheme in lower case, escapes where the path needs them.

    The text must have passed `parse_url`.
    """
    before, hash_mark, fragment = text.partition("#")
    scheme, rest = _split_scheme(before)
    rest, question_mark, query = rest.partition("?")
    start = rest.find("/", 2) if rest.startswith("//") else 0
    authority, path = (rest, "") if start < 0 else (rest[:start], rest[start:])
    head = f"{scheme}:" if scheme else ""
    path = _escaped(path, _KEPT_ESCAPED, _SAFE)
    fragment = _escaped(fragment, f"{_KEPT_ESCAPED}?", f"{_SAFE}?!()*")
    return f"{head}{authority}{path}{question_mark}{query}{hash_mark if fragment else ''}{fragment}"


def _escaped(text: str, kept: str, safe: str) -> str:
    """A path or fragment as it stands; where it holds a character that must be escaped, all of it is escaped anew."""
    if all(char in _UNRESERVED or char in kept for char in text):
        return text
    return quote(unquote_to_bytes(text), safe=safe)


def _split_scheme(text: str) -> tuple[str, str]:
    if text.startswith(":"):
        msg = "the scheme is missing before the colon"
        raise UrlError(msg)
    match = _SCHEME.match(text)
    return (match[0][:-1].lower(), text[match.end() :]) if match else ("", text)


def _authority(scheme: str, text: str) -> str:
    """Check what stands between `//` and the path, and give the host with its port."""
    user, at, host = text.rpartition("@")
    if "[" in host[1:]:
        msg = "a bracket stands within the host of a URL"
        raise UrlError(msg)
    if host.startswith("["):
        _check_bracketed(host)
    else:
        _check_port(_port_of(scheme, host))
        _check_host(host)
    if at and not _USER_INFO.fullmatch(user):
        msg = "the user information of a URL holds a character that must be escaped"
        raise UrlError(msg)
    _check_escapes(user)
    return host


def _port_of(scheme: str, host: str) -> str:
    """The colon and what follows; http and https allow only one colon, others have lists of hosts."""
    colon = host.find(":") if scheme in ("http", "https") else host.rfind(":")
    return host[colon:] if colon >= 0 else ""


def _check_port(text: str) -> None:
    if not _PORT.fullmatch(text):
        msg = f"invalid port {text!r} after the host of a URL"
        raise UrlError(msg)


def _check_host(text: str) -> None:
    if not _HOST.fullmatch(text):
        msg = "the host of a URL holds a character or an escape that is not allowed there"
        raise UrlError(msg)


def _check_bracketed(host: str) -> None:
    """Check a host in brackets: an IPv6 address, with a zone or without, and the port after it."""
    address, bracket, port = host[1:].rpartition("]")
    if not bracket:
        msg = "the host of a URL lacks its closing bracket"
        raise UrlError(msg)
    _check_port(port)
    name, percent, zone = address.partition("%25")
    _check_host(name)
    if percent and not (zone and _ZONE.fullmatch(zone) and all(map(_is_zone_byte, _ZONE_ESCAPE.findall(zone)))):
        msg = "the zone of an IPv6 address in a URL is empty or holds a character that is not allowed there"
        raise UrlError(msg)
    try:
        ipaddress.IPv6Address(name)
    except ValueError:
        msg = "only an IPv6 address may stand in the brackets of a URL"
        raise UrlError(msg) from None


def _is_zone_byte(digits: str) -> bool:
    char = chr(int(digits, 16))
    return char.isascii() and _ZONE_BYTE.fullmatch(char) is not None


def _check_escapes(text: str) -> None:
    if "%" in text and (match := _BAD_ESCAPE.search(text)):
        msg = f"invalid escape {text[match.start() : match.start() + 3]!r} in a URL"
        raise UrlError(msg)


def _checked_fragment(url: Url, fragment: str) -> Url:
    _check_escapes(fragment)
    return url
