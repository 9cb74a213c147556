// Shows on a page that a version has taken effect since the page was built. Without it the page still says the date.
function inforceShowWhatTookEffect() {
  for (const note of document.querySelectorAll("[data-inforce-from]")) {
    if (Date.now() >= Date.parse(note.dataset.inforceFrom)) note.hidden = false;
  }
}
// Material's instant navigation changes the page without running scripts again, and tells of each change here.
if (window.document$) document$.subscribe(inforceShowWhatTookEffect);
else inforceShowWhatTookEffect();
