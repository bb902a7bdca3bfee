/* A printed chart is as wide as the paper: Plotly draws for the screen, in fixed pixels. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  window.addEventListener("beforeprint", function () {
    for (const drawing of document.querySelectorAll(".drawing")) {
      for (const svg of drawing.querySelectorAll(".main-svg")) {
        const width = svg.getAttribute("width"), height = svg.getAttribute("height");
        svg.setAttribute("viewBox", "0 0 " + width + " " + height);
        drawing.style.setProperty("--shape", width + " / " + height);
      }
    }
  });

  window.addEventListener("afterprint", function () {
    for (const svg of document.querySelectorAll(".drawing .main-svg")) svg.removeAttribute("viewBox");
  });
})();
