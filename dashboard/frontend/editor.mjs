// The SQL editor of the workspace: one function that puts it into a place of the page.
import { autocompletion, closeCompletion, completeFromList, snippetCompletion } from "@codemirror/autocomplete";
import { PostgreSQL, SQLDialect, sql } from "@codemirror/lang-sql";
import { syntaxTree } from "@codemirror/language";
import { Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { basicSetup } from "codemirror";

const WORDS = "anti asof describe exclude glob pivot positional qualify replace sample semi summarize unpivot";
// What the engine is spoken to in is PostgreSQL's, and some words of its own.
const DUCKDB = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} ${WORDS}`,
  doubleDollarQuotedStrings: false,
});
const LOOK = EditorView.theme({
  "&": { fontSize: "15px", backgroundColor: "#ffffff" },
  ".cm-content": { fontFamily: 'ui-monospace, "Liberation Mono", Menlo, monospace', minHeight: "9.5em" },
  ".cm-gutters": { backgroundColor: "#f5f7f9", color: "#4a5a6a", borderRight: "1px solid #d5dce3" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "#eef1f5" },
  ".cm-faulty": { backgroundColor: "#fdeef1", boxShadow: "inset 4px 0 0 #a1173a" },
  "&.cm-focused": { outline: "none" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "#12436d", color: "#ffffff" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "none", overflow: "visible" },
  ".cm-completionInfo": { maxWidth: "22rem", padding: "4px 8px" },
});

const saidFaulty = StateEffect.define();
const faulty = StateField.define({
  create: () => Decoration.none,
  update(lines, change) {
    for (const effect of change.effects) if (effect.is(saidFaulty)) return lineMark(change.state.doc, effect.value);
    return change.docChanged ? Decoration.none : lines;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function lineMark(doc, line) {
  if (!line || line > doc.lines) return Decoration.none;
  return Decoration.set([Decoration.line({ class: "cm-faulty" }).range(doc.line(line).from)]);
}

/* Names of measures belong between quotes; elsewhere they would be taken for columns. */
function measuresIn(measures) {
  const within = completeFromList(measures.map(({ label, info }) => ({ label, info, type: "constant" })));
  return (context) => (/String|Quoted/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name) ? within(context) : null);
}

function macrosOf(macros) {
  const named = completeFromList(
    macros.map(({ label, info }) => snippetCompletion(`${label}(\${timestamp '2020-07-01'})`, { label, info, type: "function" })),
  );
  return (context) => (/String|Quoted|Comment/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name) ? null : named(context));
}

function language({ tables, measures, macros }) {
  const spoken = sql({ dialect: DUCKDB, schema: tables });
  const also = (autocomplete) => DUCKDB.language.data.of({ autocomplete });
  return [spoken, also(measuresIn(measures)), also(macrosOf(macros))];
}

/* `tables` maps a table to completions of its columns; `run` and `changed` are called with the text. */
function mount(place, { text, label, hint, tables, measures, macros, run, changed }) {
  const view = new EditorView({
    parent: place,
    doc: text,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: (box) => (closeCompletion(box), run(), true) }])),
      basicSetup,
      // As many as are seen at once: a list that scrolls would have to take focus.
      autocompletion({ maxRenderedOptions: 10 }),
      language({ tables, measures, macros }),
      faulty,
      LOOK,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-labelledby": label, "aria-describedby": hint }),
      EditorView.updateListener.of((change) => { if (change.docChanged) changed(view.state.doc.toString()); }),
    ],
  });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    mark: (line) => view.dispatch({ effects: saidFaulty.of(line) }),
  };
}

window.trigpoint = Object.assign(window.trigpoint || {}, { editor: mount });
