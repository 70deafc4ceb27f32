"""What the two forms in XML share."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = ET.Element


def element(parent: ET.Element | None, tag: str, text: str = "", **attributes: str | int) -> ET.Element:
    """An element below `parent`; attributes that are empty or 0 are left out, but for counts of tests and failures."""
    shown = {
        name: plain(str(value))
        for name, value in attributes.items()
        if value or name in ("tests", "failures", "errors")
    }
    made = ET.Element(tag, shown) if parent is None else ET.SubElement(parent, tag, shown)
    made.text = plain(text) or None
    return made


def plain(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def document(root: ET.Element) -> str:
    """The whole text, indented."""
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
