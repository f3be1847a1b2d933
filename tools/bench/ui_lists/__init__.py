"""The same list of twelve rows, made by the app and by its peers: each a program that measures whenever it is asked.

Each reads lines on standard input; for each it walks the list down and up and answers one JSON line, the seconds from
each key to its picture. The peers' programs run in environments of their own and import nothing of ours.
"""
