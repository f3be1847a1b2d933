"""The card's side of the I/O contact (ISO/IEC 7816-3): answer to reset, PPS, T=0, T=1, T=14, and their time.

Written apart from ``smartcard/``'s machines for the reader's side, so that each can find the other's mistakes.
"""
