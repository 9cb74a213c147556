// Makes the two files that the site publishes beside their sources: policy-review.js, which a shop's page names, and
// policy-review-dialog.js, which it loads when somebody is asked. Call: node build.js [FOLDER], `dist` unless given.

import {build, transform} from 'esbuild';
import {readFile, readdir, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url)), folder = process.argv[2] ?? `${root}dist`;

/** @type {import('esbuild').Plugin} */
const house = {
  name: 'house',
  setup({onResolve, onLoad}) {
    // A script of another origin has no place of its own that an import could be relative to.
    onLoad({filter: /element\.js$/}, async ({path}) => {
      const [before, after] = (await readFile(path, 'utf8')).split("import('./dialog.js')");
      return {contents: `${before}import(new URL('policy-review-dialog.js', script).href)${after}`};
    });
    onResolve({filter: /^\.\/texts\/(ar|de)\.js$/}, ({path}) => ({path, external: true}));
    onLoad({filter: /styles\.js$/}, async ({path}) => {
      const {default: text} = await import(path), {code} = await transform(text, {loader: 'css', minify: true});
      return {contents: `export default ${JSON.stringify(code.trim())}`};
    });
  },
};

const options = {
  absWorkingDir: root, outdir: folder, bundle: true, minify: true, format: 'esm', target: 'es2022', charset: 'utf8',
  sourcemap: 'linked', sourcesContent: false, plugins: [house], logLevel: 'warning',
};

// A script that may stand in any page: its names are its own, and it exports nothing.
await build({
  ...options, stdin: {contents: 'import "./src/element.js"', resolveDir: root, sourcefile: 'policy-review.js'},
  entryNames: 'policy-review', banner: {js: '(()=>{'}, footer: {js: '})()'},
});
await build({...options, entryPoints: {'policy-review-dialog': 'src/dialog.js'}});

// On the site the sources stand in the same folder.
for (const name of (await readdir(folder)).filter((each) => each.endsWith('.map'))) {
  const map = JSON.parse(await readFile(`${folder}/${name}`, 'utf8'));
  map.sources = map.sources.map((source) => source.replace(/^.*\bsrc\//, ''));
  await writeFile(`${folder}/${name}`, `${JSON.stringify(map)}\n`);
}
