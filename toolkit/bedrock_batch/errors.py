"""The errors of the toolkit: what a caller cannot go on after, said in one sentence."""


class BedrockBatchError(ValueError):
    """Something that was asked for cannot be done; the message says why and what to change.

    Every error of the toolkit's own is one of these; the command line prints them without a traceback.
    """
