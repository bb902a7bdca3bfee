/* Drawings in the page: <div class="inline-svg" data-svg="<svg …>">. A click on a part that names
   an address goes there; the table beside it is the way by keyboard. */
(function () {
  "use strict";

  const reader = new DOMParser();

  function draw(place) {
    const read = reader.parseFromString(place.dataset.svg, "image/svg+xml");
    place.replaceChildren(document.importNode(read.documentElement, true));
  }

  function look(root) {
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    if (root.matches(".inline-svg")) draw(root);
    root.querySelectorAll(".inline-svg").forEach(draw);
  }

  new MutationObserver(function (changes) {
    for (const change of changes) {
      if (change.type === "attributes") draw(change.target);
      else change.addedNodes.forEach(look);
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["data-svg"],
  });

  document.addEventListener("click", function (event) {
    const part = event.target.closest(".inline-svg [data-href]");
    if (part) window.trigpoint.go(part.dataset.href);
  });
})();
