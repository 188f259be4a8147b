#!/usr/bin/env python3
"""Writes the test messages of RFC 4475 or RFC 5118 from the archive in the RFC's own text.

  from_rfc.py rfc4475.txt tests/vectors/rfc4475

RFC 4475 A: octet for octet; its archive has test.dat too, which no section describes: left out. The archive of RFC
5118 has bare line feeds, messages without the empty line, and lengths of bodies that never were; its sections call
these messages well-formed, so they get CRLF, an empty line and the Content-Length that the body has.
"""
import base64
import io
import pathlib
import re
import sys
import tarfile


def archive(text):
    inside, lines = False, []
    for line in text.splitlines():
        if re.fullmatch(r"\s*-- (BEGIN|END) MESSAGE ARCHIVE --\s*", line):
            inside = "BEGIN" in line
        elif inside and re.fullmatch(r"\s*\S+\s*", line):  # neither page header nor footer
            lines.append(line.strip())
    return tarfile.open(fileobj=io.BytesIO(base64.b64decode("".join(lines))))


def on_the_wire(octets):
    head, _, body = octets.replace(b"\n", b"\r\n").partition(b"\r\n\r\n")
    head = re.sub(rb"(?m)^Content-Length: \d+", b"Content-Length: %d" % len(body), head.rstrip(b"\r\n"))
    return head + b"\r\n\r\n" + body


source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
with archive(source.read_text()) as files:
    for member in files.getmembers():
        name = pathlib.PurePath(member.name).name.removesuffix(".dat")
        if member.isfile() and name != "test":
            octets = files.extractfile(member).read()
            (folder / f"{name}.dat").write_bytes(octets if b"\r\n" in octets else on_the_wire(octets))
