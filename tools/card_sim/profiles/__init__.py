"""One simulated card for every conditional-access application, written from the table in facts/smartcard.md.

They share no constant with ``smartcard.applications``: a misread table shows as two that do not understand each other.
"""
