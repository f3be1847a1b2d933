"""The kernel's format, held against python-evdev, which was written by others and reads the same bytes."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.input import kernel
from stb_app.input.kernel import CODES, EventReader, InputEvent, LinuxKernel

EVENTS = st.builds(
    InputEvent,
    st.integers(0, 2**31 * 1_000_000 - 1).map(lambda microseconds: microseconds / 1_000_000),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.integers(-(2**31), 2**31 - 1),
)


@given(st.lists(EVENTS, max_size=20), st.integers(0, 2**32))
def test_torn_reads_give_whole_events(events: list[InputEvent], seed: int) -> None:
    data = b"".join(event.to_bytes() for event in events)
    cuts = sorted(random.Random(seed).randrange(len(data) + 1) for _ in range(5))
    reader = EventReader()
    got = [
        event for low, high in zip([0, *cuts], [*cuts, len(data)], strict=True) for event in reader.feed(data[low:high])
    ]
    assert got == events


def test_evdev_reads_what_we_write() -> None:
    evdev = pytest.importorskip("evdev")
    events = [InputEvent(1000.25, 1, 352, 1), InputEvent(1000.25, 0, 0, 0), InputEvent(1.000001, 4, 4, 0x1025)]
    reading, writing = os.pipe()
    try:
        os.write(writing, b"".join(event.to_bytes() for event in events))
        read = evdev._input.device_read_many(reading)
    finally:
        os.close(reading)
        os.close(writing)
    assert [InputEvent((seconds * 1_000_000 + us) / 1_000_000, *rest) for seconds, us, *rest in read] == events


def test_our_names_are_the_kernels() -> None:
    ecodes = pytest.importorskip("evdev").ecodes
    assert {name: getattr(ecodes, name) for name in CODES} == CODES
    assert (kernel.EV_KEY, kernel.SYN_DROPPED, kernel.BUS_CEC) == (ecodes.EV_KEY, ecodes.SYN_DROPPED, ecodes.BUS_CEC)
    assert ecodes.KEY_MAX == kernel.KEY_MAX


@pytest.mark.skipif(os.uname().machine not in ("x86_64", "aarch64", "armv7l"), reason="numbers of asm-generic")
def test_the_ioctls_are_those_of_linux_input_h() -> None:
    """The numbers that a C compiler makes of <linux/input.h>."""
    assert (kernel.EVIOCGID, kernel.EVIOCGNAME, kernel.EVIOCGKEY) == (0x80084502, 0x81004506, 0x80604518)
    assert (kernel.EVIOCGBIT_KEY, kernel.EVIOCGRAB, kernel.EVIOCSCLOCKID) == (0x80604521, 0x40044590, 0x400445A0)


def test_what_is_no_input_device_says_so() -> None:
    reading, writing = os.pipe()
    try:
        for ask in (LinuxKernel().identity, LinuxKernel().codes, LinuxKernel().held, LinuxKernel().grab):
            with pytest.raises(OSError, match="ioctl"):
                ask(reading)
    finally:
        os.close(reading)
        os.close(writing)
