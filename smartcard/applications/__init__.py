"""The card applications that tell who a card is; ``smartcard.identity`` chooses among them.

PIV, the only one that proves anything, is in ``smartcard.piv``. The others are conditional-access cards: each tells a
number, which can be copied. Source of their commands: OSCAM's readers (2015), as tabled in facts/smartcard.md.
"""
