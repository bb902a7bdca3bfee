// Puts what browsers need beside our own assets: small, and compressed once.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const target = new URL("../assets/built/", import.meta.url);
const modules = new URL("node_modules/", import.meta.url);
const SCRIPTS = {
  "plotly-basic.min.js": () => readFileSync(new URL("plotly.js-basic-dist-min/plotly-basic.min.js", modules)),
  "editor.js": editor,
};
const FONTS = ["400-normal", "400-italic", "600-normal", "700-normal"].map(
  (face) => `source-sans-3-latin-${face}.woff2`,
);

/* Its many modules as one script; only the workspace asks for it. */
function editor() {
  const made = buildSync({
    entryPoints: [fileURLToPath(new URL("editor.mjs", import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2020",
    legalComments: "none",
  });
  return Buffer.from(made.outputFiles[0].contents);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, read] of Object.entries(SCRIPTS)) {
  const text = read();
  writeFileSync(new URL(name, target), text);
  writeFileSync(new URL(`${name}.gz`, target), gzipSync(text, { level: 9 }));
  writeFileSync(new URL(`${name}.br`, target), brotliCompressSync(text));
}
for (const name of FONTS) {
  const font = new URL(`@fontsource/source-sans-3/files/${name}`, modules);
  copyFileSync(font, new URL(name, target));
}
