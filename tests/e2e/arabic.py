"""How wide Arabic words are on the page of a redline: their letters are joined, also across a mark without room."""

from __future__ import annotations

WIDTHS = """(htmls) => {
  const text = document.querySelector(".if-text"), line = document.createElement("p");
  text.append(line);
  return htmls.map((html) => {
    line.innerHTML = `<span>${html}</span>`;
    return line.firstChild.getBoundingClientRect().width;
  });
}"""
"""The width of each of some pieces of HTML, in a line of the page's text."""
SAID = "<span class=redline-say lang=en dir=ltr> inserted: </span>"
"""What a screen reader says of a mark."""
