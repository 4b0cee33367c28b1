#!/usr/bin/python3
"""reference.py [--write]: doc/libtusk.md from include/tusk.h.

The header is the manual: its comments become text, its sections headings, its
declarations blocks of C.  Without --write it tells whether the file is as the
header would make it, by its exit status.  regress/libtusk asks that."""
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
HEADER = os.path.join(ROOT, "include", "tusk.h")
OUT = os.path.join(ROOT, "doc", "libtusk.md")


def comment_lines(comment):
    """Its lines without the frame; a leading tab is kept."""
    lines = comment[2:-2].strip("\n").split("\n")
    out = []
    for line in lines:
        line = re.sub(r"^ \* ?", "", line.rstrip())
        out.append("" if line.strip() in ("", "*") else line)
    return "\n".join(out).strip("\n").split("\n")


def prose(lines):
    """Paragraphs; deeper indented lines are code."""
    out = []
    for line in lines:
        line = re.sub(r"^\t", "", line)
        if line.startswith("\t"):
            out.append("    " + line.replace("\t", "    ").rstrip())
        else:
            out.append(line.strip())
    return "\n".join(out)


def head(lines):
    """The header's own comment: lines in capitals are headings."""
    out = []
    for line in lines[1:]:
        if re.fullmatch(r"[A-Z][A-Z, ]+", line.strip()):
            out.append("## " + line.strip().capitalize())
        else:
            out.append(line)
    return prose(out)


def blocks(text):
    """(kind, text): comments, and what stands between them."""
    for match in re.finditer(r"/\*.*?\*/|(?:(?!/\*).)+", text, re.S):
        piece = match.group(0)
        yield ("comment" if piece.startswith("/*") else "code"), piece


def body(text):
    """Sections, each declaration below the comment that stands before it."""
    out = []
    code = ""

    def flush():
        nonlocal code
        lines = [l.rstrip() for l in code.strip("\n").split("\n")]
        code = ""
        if any(l.strip() for l in lines):
            out.append("```c\n" + "\n".join(lines) + "\n```")

    for kind, piece in blocks(text):
        section = re.fullmatch(r"/\* ---- (.*?) ---- \*/", piece)
        if section:
            flush()
            title = section.group(1)
            out.append("## " + title[0].upper() + title[1:])
        elif kind == "comment" and (not code or code.endswith("\n")):
            flush()
            out.append(prose(comment_lines(piece)))
        else:  # behind a declaration, on its line
            code += piece
    flush()
    return "\n\n".join(out)


def reference():
    with open(HEADER) as f:
        text = f.read()
    end = text.index("*/") + 2
    rest = text[text.index("/* ---- handles ---- */"):]
    rest = rest[:rest.index("#ifdef __cplusplus")]
    rest = rest.replace("TUSK_API ", "")
    return ("# libtusk: the C interface\n\nMade from `include/tusk.h` by "
            "`tools/reference.py --write`. Examples: `interfaces/libtusk/"
            "examples/`.\n\n" + head(comment_lines(text[:end])) + "\n\n" +
            body(rest) + "\n")


def main():
    made = reference()
    if "--write" in sys.argv[1:]:
        with open(OUT, "w") as f:
            f.write(made)
        return 0
    try:
        with open(OUT) as f:
            same = f.read() == made
    except FileNotFoundError:
        same = False
    if not same:
        print("doc/libtusk.md is not what include/tusk.h says: "
              "tools/reference.py --write")
    return 0 if same else 1


sys.exit(main())
