"""Every widget of the toolkit in every state, drawn by the real app: for people to look at, and for the walk."""
