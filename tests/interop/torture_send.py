#!/usr/bin/env python3
"""Sends each message of tests/vectors/torture.tsv to a gateway and says what came back, a line each.

  torture_send.py TABLE GATEWAY_PORT FIRST_ROW

From 127.0.0.2, on every port that a Via of these messages names, so that the answers find their way (RFC 3261 18.2.2).
Behind each message goes an OPTIONS: when that is answered, the message has been dealt with, so nothing waits in vain.
Some messages share branch, sent-by and method; as one would pass for a retransmission of the other (RFC 3261 17.2.3), it
stops before the second of them: to go on there, with a gateway that remembers nothing.
"""
import pathlib
import re
import select
import socket
import sys

HERE, PORTS = "127.0.0.2", (5060, 5050, 5070, 6050, 19823)
PATIENCE = 10  # seconds for what must come
GRACE = 0.3  # seconds in which a connection that is to be closed is

table, gateway, first = pathlib.Path(sys.argv[1]), ("127.0.0.1", int(sys.argv[2])), int(sys.argv[3])
lines = {}
for port in PORTS:
    lines[port] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    lines[port].bind((HERE, port))
probes = 0


def field(octets, name, compact):
    found = re.search(rb"(?im)^(?:%s|%s)[ \t]*:\s*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)" % (name, compact), octets)
    return b" ".join(found.group(1).split()) if found else b""


def identity(octets):
    return field(octets, b"call-id", b"i"), field(octets, b"cseq", b"cseq")


def probe():
    """An OPTIONS; its Call-ID."""
    global probes
    probes += 1
    call = b"probe%d@%s" % (probes, HERE.encode())
    lines[5060].sendto(
        b"OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s:5060;branch=z9hG4bKprobe%d;rport\r\nMax-Forwards: 70\r\n"
        b"From: <sip:probe@%s>;tag=1\r\nTo: <sip:probe@%s>\r\nCall-ID: %s\r\nCSeq: 1 OPTIONS\r\n"
        b"Content-Length: 0\r\n\r\n"
        % (b"127.0.0.1", HERE.encode(), probes, HERE.encode(), HERE.encode(), call), gateway)
    return call


def received(patience):
    """Datagrams as they come, until none has come for that long."""
    while True:
        ready = select.select(list(lines.values()), [], [], patience)[0]
        if not ready:
            return
        for line in ready:
            yield line.recv(65535)


def transaction(message):
    return field(message, b"via", b"v").split(b",")[0], message.split(b" ")[0]


def acknowledge(request, response):
    """RFC 3261 17.1.1.3: so that the gateway does not send its failure again and again."""
    head = request.partition(b"\r\n\r\n")[0]
    via = re.search(rb"(?im)^(?:via|v)[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*", head).group(0)
    sender = re.search(rb"(?im)^(?:from|f)[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*", head).group(0)
    call, cseq = identity(request)
    return b"\r\n".join((
        head.split(b"\r\n")[0].replace(b"INVITE", b"ACK", 1), via.split(b",")[0], sender,
        b"To: " + field(response, b"to", b"t"), b"Call-ID: " + call, b"CSeq: " + cseq.split()[0] + b" ACK",
        b"Max-Forwards: 70", b"Content-Length: 0", b"", b""))


def outcome(statuses):
    final = next((status for status in statuses if status >= 200), None)
    if 100 in statuses:
        return f"call {final}" if final else "call"
    return str(final) if final else "nothing"


def by_udp(message):
    lines[5060].sendto(message, gateway)
    marker, statuses = probe(), []
    for response in received(PATIENCE):
        if field(response, b"call-id", b"i") == marker:
            marker = None
        elif identity(response) == identity(message):
            statuses.append(int(response[8:11]))
            if 100 in statuses and statuses[-1] >= 300:
                lines[5060].sendto(acknowledge(message, response), gateway)
        if marker is None and statuses != [100]:
            break
    for response in received(0):  # what was sent before the probe was answered, to another port
        if identity(response) == identity(message):
            statuses.append(int(response[8:11]))
    return outcome(statuses)


def by_tcp(message):
    with socket.create_connection(gateway, PATIENCE, (HERE, 0)) as line:
        line.sendall(message)
        statuses, text, patience = [], b"", PATIENCE
        call = message.startswith(b"INVITE")
        if message.startswith(b"SIP/") or (call and b"9999" in message):
            patience = GRACE  # nothing is to come
        while select.select([line], [], [], patience)[0]:
            octets = line.recv(65535)
            if not octets:
                return "close"
            text += octets
            statuses = [int(status) for status in re.findall(rb"(?m)^SIP/2\.0 (\d{3}) ", text)]
            final = any(status >= 200 for status in statuses)
            if call and final and 100 in statuses:
                last = text[text.rindex(b"SIP/2.0 " + str(statuses[-1]).encode()):]
                line.sendall(acknowledge(message, last))
            patience = GRACE if final else PATIENCE
        return outcome(statuses)


seen = set()
for row in [line for line in table.read_text().splitlines() if not line.startswith("#")][first:]:
    name, transport, _, allowed, clause, what = row.split("\t")
    message = (table.parent / f"{name}.dat").read_bytes()
    if transaction(message) in seen and not message.startswith(b"SIP/"):
        break
    seen.add(transaction(message))
    got = (by_tcp if transport == "tcp" else by_udp)(message)
    good = got.split()[0] in allowed.split("|")
    rfc, _, title = name.partition("/")
    expected = " or ".join(allowed.split("|"))
    print("ok     " if good else "NOT OK ",
          f"{title} by {transport} (RFC {rfc[3:]} {clause}): expected {expected}, got {got.replace(' ', ', then ')}",
          flush=True)
