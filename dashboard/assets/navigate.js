/* Moving about: links and forms of this site change the page without loading it anew, focus goes
   to the content, and a failed answer is said aloud instead of leaving the old page in silence. */
(function () {
  "use strict";

  function isOwn(url) {
    return url.origin === location.origin && !/^\/(files|assets|health|cite|sign-|catalogue\/dbt)/.test(url.pathname);
  }

  function go(address) {
    const url = new URL(address, location.href);
    if (!isOwn(url)) {
      location.assign(url);
      return;
    }
    history.pushState({}, "", url);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function followLink(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !isPlain || event.defaultPrevented) return;
    if (link.hasAttribute("download") || link.target) return;
    if (link.classList.contains("to-now")) {
      event.preventDefault();
      const here = new URL(location.href);
      here.searchParams.delete("as_of");
      here.searchParams.delete("release");
      go(here);
      return;
    }
    const url = new URL(link.href, location.href);
    const isHere = url.pathname + url.search === location.pathname + location.search;
    if (!isOwn(url) || (isHere && url.hash)) return;
    event.preventDefault();
    go(url);
  }

  function submitForm(event) {
    const form = event.target;
    if (!form.classList.contains("ask")) return;
    event.preventDefault();
    const url = new URL(location.href);
    const action = new URL(form.action, location.href);
    url.pathname = action.pathname;
    url.hash = action.hash;
    for (const name of ["figure", "before"]) url.searchParams.delete(name);
    const answers = new FormData(form);
    /* A search with suggestions leads to an area; any other is answered by the page of its form. */
    const leads = form.querySelector("input[type=search][name=find]") !== null;
    const found = leads ? answers.get("find") : "";
    for (const [name, value] of answers) {
      if (value && !(leads && name === "find")) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    if (found) lead(url, found);
    go(url);
  }

  /* "Leicester (E06000016)" leads to the area; anything else to the list of what was found. */
  function lead(url, found) {
    const code = /\(([A-Z0-9]{3,12})\)\s*$/.exec(found);
    for (const name of ["measure", "from", "to", "area"]) url.searchParams.delete(name);
    url.pathname = code ? "/areas/" + code[1] : "/areas";
    if (!code) url.searchParams.set("find", found);
  }

  let arrivals = 0;

  function arrived() {
    arrivals += 1;
    trouble("");
    const isMove = arrivals > 1;
    requestAnimationFrame(function () {
      const main = document.getElementById("main");
      const place = document.getElementById(location.hash.slice(1));
      if (isMove && main) {
        window.scrollTo(0, 0);
        main.focus({ preventScroll: true });
      }
      // The browser looked for the place before there was a page.
      if (place) place.scrollIntoView();
      document.dispatchEvent(new CustomEvent("trigpoint:arrived"));
    });
    return arrivals;
  }

  function trouble(text) {
    const place = document.getElementById("trouble");
    if (!place) return;
    place.textContent = text;
    if (text) {
      document.dispatchEvent(new CustomEvent("trigpoint:trouble"));
      const again = document.createElement("button");
      again.className = "button";
      again.textContent = "Try again";
      again.addEventListener("click", function () { location.reload(); });
      place.append(" ", again);
    }
  }

  /* The page stays as it was under the dialog, with whatever was being written on it. */
  function signedOut() {
    const dialog = document.getElementById("signed-out");
    document.dispatchEvent(new CustomEvent("trigpoint:trouble"));
    const here = location.pathname + location.search;
    dialog.querySelector("a").href = "/sign-in?next=" + encodeURIComponent(here);
    dialog.querySelector(".kept").hidden = !window.trigpoint.keepDrafts();
    if (!dialog.open) dialog.showModal();
  }

  const ask = window.fetch;
  window.fetch = function (...request) {
    return ask.apply(window, request).then(
      function (answer) {
        if (answer.status >= 500) trouble("The page could not be brought up to date.");
        if (answer.status === 403) trouble("Your role may not open this.");
        if (answer.status === 429) trouble("This was asked for too often.");
        if (answer.status === 401) signedOut();
        return answer;
      },
      function (fault) {
        trouble("The server does not answer.");
        throw fault;
      }
    );
  };

  document.addEventListener("click", followLink);
  document.addEventListener("submit", submitForm);
  window.trigpoint = Object.assign(window.trigpoint || {}, { go: go });
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    trigpoint: { arrived: arrived },
  });
})();
