"""Where the console is, below the emulator's internal prefix: a bucket might be called ``console``."""

#: All that a browser asks for begins like this.
PATH = "/_bedrock/console/"
#: Of what the page sends: a fault is a few words.
MOST_BYTES = 64 * 1024
