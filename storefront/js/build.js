// Makes the two files that the site publishes beside their sources: policy-review.js, which a shop's page names, and
// policy-review-dialog.js, which it loads when somebody is asked, or for what is seldom needed. Call: node build.js
// [FOLDER], `dist` unless given.

import {build, transform} from 'esbuild';
import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {minify} from 'terser';

const root = fileURLToPath(new URL('.', import.meta.url)), folder = process.argv[2] ?? `${root}dist`;
const SCRIPT = 'policy-review.js', DIALOG = 'policy-review-dialog.js';
// Modules that the first file imports only when it needs them, and what it takes from each.
const LATER = {copies: 'judge', shelf: 'open', answers: 'accept, decline, later, note', dialog: 'present'};
const LEADS = new RegExp(String.raw`import\('\./(${Object.keys(LATER).join('|')})\.js'\)`, 'g');
const OWN = "globalThis.document?.currentScript?.['src']"; // the script's own address
const PAGE = 'globalThis.document'; // what a server lacks, and this script never does

/** @type {import('esbuild').Plugin} */
const house = {
  name: 'house',
  setup({onResolve, onLoad}) {
    onLoad({filter: /src\/(core|element|outbox)\.js$/}, async ({path}) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(LEADS, 'loadDialog()').replace(OWN, 'home').replaceAll(PAGE, 'true').replaceAll('globalThis.', '').replaceAll('Listener?.', 'Listener'),
    }));
    onResolve({filter: /^\.\/texts\/(ar|de)\.js$/}, ({path}) => ({path, external: true}));
    onLoad({filter: /styles\.js$/}, async ({path}) => {
      const {default: text} = await import(path), {code} = await transform(text, {loader: 'css', minify: true});
      return {contents: `export default ${JSON.stringify(code.trim())}`};
    });
  },
};

// Bundled by esbuild, made small by terser. On the site the sources stand in the same folder.
async function make(name, contents, frame = {}) {
  const {outputFiles: [map, {text}]} = await build({
    absWorkingDir: root, outfile: name, stdin: {contents, resolveDir: root, sourcefile: name}, bundle: true, write: false, minifySyntax: true,
    format: 'esm', target: 'es2022', charset: 'utf8', sourcemap: 'external', sourcesContent: false, plugins: [house],
    logLevel: 'warning', ...frame,
  });
  const small = await minify(text, {
    ecma: 2020, module: true, compress: {passes: 3, unsafe_arrows: true}, sourceMap: {content: map.text, url: `${name}.map`},
  });
  const found = JSON.parse(/** @type {string} */ (small.map));
  found.sources = found.sources.map((source) => source.replace(/^.*\bsrc\//, ''));
  await writeFile(`${folder}/${name}`, `${small.code}\n`);
  await writeFile(`${folder}/${name}.map`, `${JSON.stringify(found)}\n`);
}

// A script that may stand in any page: its names are its own, and it exports nothing. A script of another origin has no
// place of its own that an import could be relative to.
await make(SCRIPT, "import './src/element.js'", {
  banner: {js: `(()=>{const home=document.currentScript.src,loadDialog=()=>import(new URL('${DIALOG}',home));`},
  footer: {js: '})()'},
});
await make(DIALOG, Object.entries(LATER).map(([name, taken]) => `export {${taken}} from './src/${name}.js';`).join('\n'));
