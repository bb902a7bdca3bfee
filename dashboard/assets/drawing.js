/* Drawings in the page: <div class="inline-svg" data-svg="<svg …>">. A click on a part that names
   an address goes there; the table beside it is the way by keyboard. */
(function () {
  "use strict";

  const reader = new DOMParser();

  function draw(place) {
    const read = reader.parseFromString(place.dataset.svg, "image/svg+xml");
    place.replaceChildren(document.importNode(read.documentElement, true));
  }

  window.trigpoint.onEach(".inline-svg", ["data-svg"], draw);

  document.addEventListener("click", function (event) {
    const part = event.target.closest(".inline-svg [data-href]");
    if (part) window.trigpoint.go(part.dataset.href);
  });
})();
