"""Where a key stands in the text of a playbook, so that a person finds what to correct."""


def line_of(text: str, path: str) -> int | None:
    """The line of a key such as ``sizes.min``, counted from 1; else that of the heading above it.

    None where neither is there. Read line by line, as a person does: a line of prose that
    looks like a key is taken for one.
    """
    wanted = path.split(".")
    heading: list[str] = []
    of_heading = None
    for number, line in enumerate(text.split("\n"), start=1):
        is_heading = line.lstrip().startswith("[")
        if is_heading:
            here = heading = _parts(line.partition("[")[2].partition("]")[0])
        else:
            here = [*heading, *_parts(line.partition("=")[0])] if "=" in line else []
        if here == wanted:
            return number
        if here and here == wanted[: len(here)]:
            of_heading = number
    return of_heading


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]
