#!/usr/bin/env python3
"""A SIP peer by TCP that refuses one call and then listens to the idle connection (RFC 5626 4.4.1): answers the first
two pings, and no more. Prints what it sees: "ping" each, "closed" when the gateway gives the connection up."""
import re
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listens", flush=True)
server.settimeout(60)
peer, _ = server.accept()
peer.settimeout(60)
seen, pings = b"", 0


def refuse(request):
    lines = request.decode().split("\r\n")
    kept = [line for line in lines if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
    kept = [line + ";tag=k" if line.startswith("To:") else line for line in kept]
    peer.sendall(("SIP/2.0 486 Busy Here\r\n" + "\r\n".join(kept) + "\r\nContent-Length: 0\r\n\r\n").encode())


while True:
    octets = peer.recv(65536)
    if not octets:
        print("closed", flush=True)
        break
    seen += octets
    while seen:
        if seen.startswith(b"\r\n\r\n"):
            seen, pings = seen[4:], pings + 1
            print("ping", flush=True)
            if pings <= 2:
                peer.sendall(b"\r\n")
            continue
        end = seen.find(b"\r\n\r\n")
        if end < 0:
            break
        length = int((re.search(rb"Content-Length: *(\d+)", seen[:end]) or [0, b"0"])[1])
        if len(seen) < end + 4 + length:
            break
        request, seen = seen[:end], seen[end + 4 + length:]
        if request.startswith(b"INVITE"):
            refuse(request)
