"""What can go wrong before anything runs, said in one sentence."""


class EmbeddedError(Exception):
    """An embedded server cannot be used; the text is for the person at the terminal."""
