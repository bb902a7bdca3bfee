/* Parts that the browser builds out of what stands in their attributes: as soon as one is on the page,
   and again when one of these attributes changes. */
(function () {
  "use strict";

  function onEach(selector, attributes, build) {
    function look(root) {
      if (root.nodeType !== Node.ELEMENT_NODE) return;
      if (root.matches(selector)) build(root);
      root.querySelectorAll(selector).forEach(build);
    }

    new MutationObserver(function (changes) {
      for (const change of changes) {
        if (change.type === "childList") change.addedNodes.forEach(look);
        else if (change.target.matches(selector)) build(change.target);
      }
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: attributes });
    document.addEventListener("DOMContentLoaded", function () { look(document.documentElement); });
  }

  window.trigpoint = Object.assign(window.trigpoint || {}, { onEach });
})();
