/* "Copy link" puts the address on the clipboard, with the moment it shows, and says that it did. */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const said = button.parentElement.querySelector("[role=status]");
    const url = new URL(location.href);
    if (!url.searchParams.has("as_of")) url.searchParams.set("as_of", button.dataset.moment);
    navigator.clipboard.writeText(url.href).then(
      function () { said.textContent = "Link copied"; },
      function () { said.textContent = "Copy it from the address bar"; }
    );
  });
})();
