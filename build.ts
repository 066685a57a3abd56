import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { compileAssembly } from './src/assembly/compile.ts';

/** `node build.ts [--outdir DIR]`: bundles the program into one file, `dist/exhume.js`. */

const require = createRequire(import.meta.url);
const { values } = parseArgs({ options: { outdir: { type: 'string', default: 'dist' } } });

/**
 * Loads each of Node's modules when the first module that imports it runs. With import statements, the bundle
 * would load all of them before the program starts, which takes a fifth of a small command's time.
 */
const lateBuiltins: Plugin = {
  name: 'late-builtins',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[a-z0-9:_/]+$/ }, ({ path: name, kind }) =>
      isBuiltin(name)
        ? {
            path: `node:${name.replace(/^node:/, '')}`,
            namespace: kind.startsWith('require') ? 'required' : 'imported',
          }
        : null,
    );
    // Ink loads it only during its own development and does not depend on it.
    onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'node:util', namespace: 'imported' }));
    // The CycloneDX library needs it only for XML, and would load any copy found near the installed program.
    onResolve({ filter: /^xmlbuilder2$/ }, () => ({ path: 'node:util', namespace: 'required' }));
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule('${name}');`,
    }));
    onLoad({ filter: /.*/, namespace: 'imported' }, ({ path: name }) => ({ contents: asModule(name) }));
  },
};

/** Returns a module with the exports of a builtin. The bundle omits exports that are not imported. */
function asModule(name: string): string {
  const names = Object.keys(require(name) as object).filter(
    (key) => /^[\w$]+$/.test(key) && key !== 'default',
  );
  return [
    `const builtin = process.getBuiltinModule('${name}');`,
    'export default builtin;',
    ...names.map(
      (key, i) => `const _${i} = /* @__PURE__ */ (() => builtin.${key})(); export { _${i} as ${key} };`,
    ),
  ].join('\n');
}

await compileAssembly();
await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { exhume: 'src/main.ts' },
  outdir: path.resolve(values.outdir),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // Keep names for the stack traces of --debug.
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: { js: "const require=process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
  plugins: [lateBuiltins],
});
