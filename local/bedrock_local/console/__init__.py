"""The console: one page, in the browser of who started the local AWS, of what happens in it.

The page asks once a second, and is told that nothing has changed (``ETag``), or all that its lists hold: some 200 kB at
most, made in a few milliseconds. A stream of events would have to begin with the same, and to be taken up again where
it broke. It is HTML with templates and a few modules of JavaScript, as they are: nothing is built, and nothing of
others is needed.
"""
