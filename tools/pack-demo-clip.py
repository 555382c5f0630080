#!/usr/bin/env python3
"""Packs the output of make-demo-clip.sh into the containers that DemoClip.cs and StillPicture.cs read."""
import re
import struct
import sys

source, target = sys.argv[1], sys.argv[2]


def access_units(path):
    """One slice per picture, so each coded slice ends an access unit. SEI (the encoder's settings) is left out."""
    data = open(path, "rb").read()
    unit = b""
    for nal in re.split(b"\x00\x00\x00?\x01", data)[1:]:
        nal = nal.rstrip(b"\x00") if nal[0] & 31 != 5 and nal[0] & 31 != 1 else nal
        kind = nal[0] & 31
        if kind in (6, 9):
            continue
        unit += struct.pack(">I", len(nal)) + nal
        if kind in (1, 5):
            yield kind == 5, unit
            unit = b""


def ogg_packets(path):
    data, at, packets, open_packet = open(path, "rb").read(), 0, [], b""
    while at < len(data):
        count = data[at + 26]
        table, body = data[at + 27:at + 27 + count], at + 27 + count
        for size in table:
            open_packet += data[body:body + size]
            body += size
            if size < 255:
                packets.append(open_packet)
                open_packet = b""
        at = body
    return packets[2:]  # after OpusHead and OpusTags


def record(kind, key, ticks, data):
    return struct.pack(">BBII", kind, key, ticks, len(data)) + data


video = list(access_units(f"{source}/clip.h264"))
sound = ogg_packets(f"{source}/clip.ogg")[200:400]
assert len(video) == 100 and len(sound) == 200 and video[0][0] and video[50][0]
items = [(i * 3600, record(0, key, i * 3600, unit)) for i, (key, unit) in enumerate(video)]
items += [(i * 1800, record(1, 1, i * 1800, packet)) for i, packet in enumerate(sound)]
items.sort(key=lambda item: item[0])
with open(f"{target}/demo-clip.bin", "wb") as f:
    f.write(b"SSD1" + struct.pack(">IHHHH", 360000, 640, 360, len(video), len(sound)) + b"".join(r for _, r in items))

stills = list(access_units(f"{source}/still.h264"))
ivf = open(f"{source}/still.ivf", "rb").read()
vp8 = ivf[44:44 + struct.unpack("<I", ivf[32:36])[0]]
assert len(stills) == 2 and all(key for key, _ in stills)
with open(f"{target}/still.bin", "wb") as f:
    f.write(b"SSS1" + b"".join(struct.pack(">I", len(d)) + d for d in (stills[0][1], stills[1][1], vp8)))
