"""The text and pictures of papers, read inside a child process.

The child is started with this folder's parent on its path and imports nothing else of ours, so that it starts in a
quarter of a second. In here other people's files are parsed: no module may be imported by the web process but
`document`.
"""
