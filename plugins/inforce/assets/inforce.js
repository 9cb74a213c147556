// Shows on a page that a version has taken effect since the page was built. Without it the page still says the date.
for (const note of document.querySelectorAll("[data-inforce-from]")) {
  if (Date.now() >= Date.parse(note.dataset.inforceFrom)) note.hidden = false;
}
