/* What a script can see is wrong with a page as it is drawn: a list of sentences, empty where
   nothing is. A line box is one line of one text, cut to what its scrolling holders let through. */
() => {
  const faults = new Set();
  const SLACK = 1.5;
  const main = document.querySelector("main");
  const open = document.querySelector("dialog[open]");
  /* What is there for those who hear a page is cut to nothing: no reader misses it. */
  const isHeardOnly = (element) => {
    const heads = element.closest("thead");
    return element.closest(".unseen, .skip") || (heads && heads.getBoundingClientRect().width <= 1);
  };
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !isHeardOnly(element);
  const short = (text) => {
    const plain = text.replace(/\s+/g, " ").trim();
    return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain;
  };

  /* The part of a box that its holders do not cut off, or null. */
  function shown(box, element) {
    let { left, top, right, bottom } = box;
    for (let holder = element; holder && holder !== document.body; holder = holder.parentElement) {
      const style = getComputedStyle(holder);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const edge = holder.getBoundingClientRect();
      [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
      [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
    }
    return right - left > SLACK && bottom - top > SLACK ? { left, top, right, bottom } : null;
  }

  function lineBoxes(root) {
    const found = [];
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode, holder = text.parentElement;
      if (!text.data.trim() || !seen(holder) || holder.closest("option, title, style")) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const boxes = holder.closest("svg") ? [holder.getBoundingClientRect()] : range.getClientRects();
      for (const box of boxes) {
        // Letters fill the middle of their line: its upper and lower edge may touch the next.
        const inset = (box.bottom - box.top) * 0.22;
        const letters = { left: box.left, right: box.right, top: box.top + inset, bottom: box.bottom - inset };
        const part = shown(letters, holder);
        if (part) found.push({ ...part, text, holder });
      }
    }
    return found;
  }

  function overlapping(boxes) {
    boxes.sort((one, other) => one.top - other.top);
    boxes.forEach((one, place) => {
      for (let next = place + 1; next < boxes.length && boxes[next].top < one.bottom - SLACK; next++) {
        const other = boxes[next];
        if (one.text === other.text) continue;
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - other.top;
        if (across > SLACK && down > SLACK) {
          faults.add(`"${short(one.text.data)}" lies over "${short(other.text.data)}"`);
        }
      }
    });
  }

  function clipped(root) {
    for (const element of root.querySelectorAll("*")) {
      if (!seen(element) || element.closest("svg")) continue;
      const style = getComputedStyle(element);
      const cuts = [style.overflowX, style.overflowY].map((one) => one === "hidden" || one === "clip");
      const wide = cuts[0] && element.scrollWidth > element.clientWidth + SLACK;
      const high = cuts[1] && element.scrollHeight > element.clientHeight + SLACK;
      // A button has a height of its own: what it says may not reach out of it.
      const isOut = element.matches("button:not(.figure), .button, .badge") &&
        (element.scrollHeight > element.clientHeight + SLACK || element.scrollWidth > element.clientWidth + SLACK);
      if (isOut && element.innerText.trim()) faults.add(`"${short(element.innerText)}" reaches out of its button`);
      if ((wide || high) && element.innerText?.trim() && !element.title) {
        faults.add(`"${short(element.innerText)}" is cut off`);
      }
    }
  }

  /* A choice, or what was typed or is proposed, that is wider than its control. */
  function tooWide(root) {
    const pen = document.createElement("canvas").getContext("2d");
    for (const control of root.querySelectorAll("select, input:not([type=hidden])")) {
      if (!seen(control)) continue;
      const style = getComputedStyle(control);
      const text = control.tagName === "SELECT"
        ? control.selectedOptions[0]?.text : control.value || control.placeholder;
      if (!text || ["date", "datetime-local", "time"].includes(control.type)) continue;
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const arrow = control.tagName === "SELECT" ? 16 : 0;
      const room = control.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
      if (pen.measureText(text).width > room + SLACK && !control.title) {
        faults.add(`"${short(text)}" is wider than its control`);
      }
    }
  }

  function letteringOfDrawings(root) {
    for (const drawing of root.querySelectorAll(".drawing, .hexagons")) {
      if (!seen(drawing)) continue;
      const edge = drawing.getBoundingClientRect();
      for (const text of drawing.querySelectorAll("svg text")) {
        const box = text.getBoundingClientRect();
        const isOut = box.left < edge.left - SLACK || box.right > edge.right + SLACK ||
          box.top < edge.top - SLACK || box.bottom > edge.bottom + SLACK;
        if (box.width > 0 && isOut && seen(text)) {
          faults.add(`"${short(text.textContent)}" reaches out of its chart`);
        }
      }
    }
  }

  function emptyParts(root) {
    for (const plot of root.querySelectorAll(".js-plotly-plot")) {
      const points = (plot.data || []).flatMap((line) => [...(line.y || [])]);
      const figure = plot.closest("figure");
      const told = figure?.querySelector("figcaption")?.innerText.trim();
      if (!told) faults.add("a chart has no caption");
      if (!points.some((value) => value !== null && value !== undefined)) {
        faults.add(`the chart "${short(told || "")}" has no point`);
      }
    }
    for (const table of root.querySelectorAll("table")) {
      if (seen(table) && !table.querySelector("tbody tr")) {
        faults.add(`the table "${short(table.caption?.innerText || "")}" has no row`);
      }
    }
    for (const section of root.querySelectorAll("section")) {
      const head = section.querySelector("h2, h3");
      if (seen(section) && head && section.innerText.trim() === head.innerText.trim()) {
        faults.add(`nothing stands under "${short(head.innerText)}"`);
      }
    }
    for (const image of root.querySelectorAll("img")) {
      if (seen(image) && image.complete && !image.naturalWidth) faults.add("an image is broken");
    }
  }

  /* A number is explained by the head of its column, and by words for those who hear it. */
  function unexplained(root) {
    for (const cell of root.querySelectorAll("td.number")) {
      const head = cell.closest("table").tHead?.rows[0]?.cells[cell.cellIndex];
      if (seen(cell) && !head?.textContent.trim()) {
        faults.add(`no heading says what "${short(cell.innerText)}" is`);
      }
    }
    for (const figure of root.querySelectorAll("button.figure")) {
      if (seen(figure) && !figure.querySelector(".unseen")?.textContent.trim()) {
        faults.add(`nothing says what "${short(figure.innerText)}" is`);
      }
    }
  }

  /* Words of machines, and places on one, that no reader should meet. */
  function machineWords(boxes) {
    const words = /(^|[\s(:])(NaN|null|undefined|Infinity|nan|inf)(?=$|[\s.,;:)])/;
    const none = /^\s*None\s*$|[a-z,:(]\s?None\b/; // "None of them" begins a sentence of ours
    const place = /(^|[\s("'])\/(tmp|home|root|var|work|Users|mnt|srv)\//;
    for (const { text, holder } of boxes) {
      if (holder.closest("code, .row-text")) continue;
      if ([words, none, place].some((one) => one.test(text.data))) {
        faults.add(`"${short(text.data)}" is a machine's word`);
      }
    }
  }

  const across = document.documentElement.scrollWidth;
  if (across > window.innerWidth) {
    faults.add(`the page is ${across} px wide where ${window.innerWidth} px are`);
  }
  for (const root of [main, open].filter(Boolean)) {
    const boxes = lineBoxes(root);
    overlapping(boxes);
    [clipped, tooWide, letteringOfDrawings, emptyParts, unexplained].forEach((look) => look(root));
    machineWords(boxes);
  }
  for (const root of document.querySelectorAll("header, footer, .bar, .band")) {
    const boxes = lineBoxes(root);
    overlapping(boxes);
    clipped(root);
    tooWide(root);
  }
  return [...faults];
}
