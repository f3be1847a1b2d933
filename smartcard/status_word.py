"""Names of the status words SW1-SW2 (ISO/IEC 7816-4 5.6). What a word *means* belongs to the application that asked:
CA cards answer 90LL, 98LL and 0000 for success."""

from __future__ import annotations

from enum import IntEnum


class StatusWord(IntEnum):
    """The words that this package compares with; ``describe`` names the rest."""

    SUCCESS = 0x9000
    MEMORY_FAILURE = 0x6581
    WRONG_LENGTH = 0x6700
    CHAINING_NOT_SUPPORTED = 0x6884
    SECURITY_STATUS_NOT_SATISFIED = 0x6982
    AUTHENTICATION_BLOCKED = 0x6983
    CONDITIONS_NOT_SATISFIED = 0x6985
    WRONG_DATA = 0x6A80
    FUNCTION_NOT_SUPPORTED = 0x6A81
    NOT_FOUND = 0x6A82
    NO_SPACE = 0x6A84
    WRONG_P1_P2 = 0x6A86
    REFERENCE_NOT_FOUND = 0x6A88
    INSTRUCTION_NOT_SUPPORTED = 0x6D00
    CLASS_NOT_SUPPORTED = 0x6E00
    NO_PRECISE_DIAGNOSIS = 0x6F00


_NAMES = {
    StatusWord.SUCCESS: "success",
    StatusWord.MEMORY_FAILURE: "memory failure",
    StatusWord.WRONG_LENGTH: "wrong length",
    StatusWord.CHAINING_NOT_SUPPORTED: "command chaining not supported",
    StatusWord.SECURITY_STATUS_NOT_SATISFIED: "security status not satisfied",
    StatusWord.AUTHENTICATION_BLOCKED: "authentication method blocked",
    StatusWord.CONDITIONS_NOT_SATISFIED: "conditions of use not satisfied",
    StatusWord.WRONG_DATA: "wrong parameters in the data field",
    StatusWord.FUNCTION_NOT_SUPPORTED: "function not supported",
    StatusWord.NOT_FOUND: "file or application not found",
    StatusWord.NO_SPACE: "not enough memory",
    StatusWord.WRONG_P1_P2: "wrong P1-P2",
    StatusWord.REFERENCE_NOT_FOUND: "reference data not found",
    StatusWord.INSTRUCTION_NOT_SUPPORTED: "instruction not supported",
    StatusWord.CLASS_NOT_SUPPORTED: "class not supported",
    StatusWord.NO_PRECISE_DIAGNOSIS: "no precise diagnosis",
}

_CLASSES = {
    0x61: "more data available",
    0x62: "warning, memory unchanged",
    0x63: "warning, memory changed",
    0x64: "execution error, memory unchanged",
    0x65: "execution error, memory changed",
    0x66: "security issue",
    0x67: "wrong length",
    0x68: "class function not supported",
    0x69: "command not allowed",
    0x6A: "wrong parameters",
    0x6B: "wrong P1-P2",
    0x6C: "wrong Le",
    0x6D: "instruction not supported",
    0x6E: "class not supported",
    0x6F: "no precise diagnosis",
}


def describe(sw: int) -> str:
    """A few words for ``sw`` (0 to FFFF), from its table or its class."""
    try:
        return _NAMES[StatusWord(sw)]
    except ValueError:
        pass
    if sw & 0xFFF0 == 0x63C0:
        return f"verification failed, {sw & 0x0F} tries left"
    return _CLASSES.get(sw >> 8, "a word of the application's own")
