"""Writes down what arrives as PCMA: hear.py PORT SECONDS FILE.

FILE, a WAV, is there when SECONDS of it have come; FILE.listens when the port is open.
"""
import os
import pathlib
import socket
import struct
import sys
import wave

PCMA, RATE = 8, 8000


def sample(octet):
    """G.711 table 1a: 16-bit linear."""
    octet ^= 0x55
    size = (octet & 0x0F) << 4
    segment = octet >> 4 & 7
    size = size + 8 if segment == 0 else (size + 0x108) << (segment - 1)
    return size if octet & 0x80 else -size


def main():
    port, seconds, path = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    heard = {}
    first = None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", port))
        line.settimeout(20)
        pathlib.Path(path + ".listens").touch()
        length = 0
        while length < seconds * RATE:
            packet = line.recv(2048)
            if len(packet) <= 12 or packet[1] & 0x7F != PCMA:
                continue
            stamp = struct.unpack_from("!I", packet, 4)[0]
            first = stamp if first is None else first
            at = (stamp - first) & 0xFFFFFFFF  # RFC 3550 5.1: it wraps
            if at < 60 * RATE:
                heard[at] = packet[12:]
                length = max(length, at + len(packet) - 12)
    samples = [0] * length
    for at, payload in heard.items():
        samples[at : at + len(payload)] = [sample(octet) for octet in payload]
    with wave.open(path + ".part", "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    os.rename(path + ".part", path)


main()
