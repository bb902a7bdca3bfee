/* Native controls where Dash has none: <div class="native" data-kind="select|date|text|search" …>.
   Any kind of input that browsers know will do. */
(function () {
  "use strict";

  let made = 0;

  function build(place) {
    const { kind, name, label, value, hint } = place.dataset;
    const id = "native-" + (made += 1);
    const tag = document.createElement("label");
    tag.htmlFor = id;
    tag.textContent = label;
    const control = document.createElement(kind === "select" ? "select" : "input");
    control.id = id;
    control.name = name;
    if (kind === "select") addOptions(control, JSON.parse(place.dataset.options), value);
    else control.type = kind;
    if (kind !== "select") control.value = value || "";
    control.required = "required" in place.dataset;
    if (place.dataset.max) control.max = place.dataset.max;
    if (place.dataset.longest) control.maxLength = Number(place.dataset.longest);
    place.replaceChildren(tag, control);
    if (hint) addHint(tag, control, hint);
    if (kind === "search") suggest(place, control);
  }

  function addOptions(control, options, value) {
    for (const [key, text] of options) control.append(new Option(text, key, false, key === value));
    // A long choice is cut off by a narrow control; its title says all of it.
    const say = () => { control.title = control.selectedOptions[0]?.text || ""; };
    control.addEventListener("change", say);
    say();
  }

  function addHint(tag, control, text) {
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.id = control.id + "-hint";
    hint.textContent = text;
    control.setAttribute("aria-describedby", hint.id);
    tag.after(hint);
  }

  /* The suggestions are fetched when somebody begins to look for one, not with the page. */
  function suggest(place, control) {
    const list = document.createElement("datalist");
    list.id = control.id + "-list";
    control.setAttribute("list", list.id);
    control.autocomplete = "off";
    place.append(list);
    control.addEventListener("focus", function fill() {
      control.removeEventListener("focus", fill);
      fetch(place.dataset.source)
        .then((answer) => answer.json())
        .then((areas) => list.replaceChildren(...areas.map(suggestion)));
    });
  }

  function suggestion([code, name, kind]) {
    return new Option(kind, name + " (" + code + ")");
  }

  const SAID = ["data-kind", "data-label", "data-name", "data-options", "data-value"];
  window.trigpoint.onEach(".native", SAID, build);
})();
