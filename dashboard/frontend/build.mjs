// Puts what browsers need beside our own assets: small, and compressed once.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const target = new URL("../assets/built/", import.meta.url);
const modules = new URL("node_modules/", import.meta.url);
const SCRIPTS = { "plotly-basic.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js" };
const FONTS = ["400-normal", "400-italic", "600-normal", "700-normal"].map(
  (face) => `source-sans-3-latin-${face}.woff2`,
);

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const [name, path] of Object.entries(SCRIPTS)) {
  const text = readFileSync(new URL(path, modules));
  writeFileSync(new URL(name, target), text);
  writeFileSync(new URL(`${name}.gz`, target), gzipSync(text, { level: 9 }));
  writeFileSync(new URL(`${name}.br`, target), brotliCompressSync(text));
}
for (const name of FONTS) {
  const font = new URL(`@fontsource/source-sans-3/files/${name}`, modules);
  copyFileSync(font, new URL(name, target));
}
