import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

/** Without AssemblyScript's runtime: the modules allocate no memory, and the caller provides it. */
const OPTIONS = [
  '-O3',
  '--converge',
  '--runtime',
  'stub',
  '--noAssert',
  '--use',
  'abort=',
  '--enable',
  'simd',
];
const MEMORY = ['--importMemory', '--initialMemory', '1'];

/** The sources that become modules; the other sources are parts of them. */
const MODULES = ['plain-members', 'anchor-scan'];

/**
 * Compiles each `NAME.as.ts` to WebAssembly and writes it as base64 text in `NAME.wasm.ts`, so that the program runs
 * from source and the built program is one file. Skips modules that are newer than all sources and this file.
 * @throws Error with the compiler's message
 */
export async function compileAssembly(): Promise<void> {
  const sources = globSync(['*.as.ts', 'compile.ts'], { cwd: import.meta.dirname });
  const newest = Math.max(...sources.map((source) => statSync(inFolder(source)).mtimeMs));
  for (const name of MODULES) {
    const target = inFolder(`${name}.wasm.ts`);
    if (!existsSync(target) || statSync(target).mtimeMs < newest) await compile(`${name}.as.ts`, target);
  }
}

function inFolder(name: string): string {
  return path.join(import.meta.dirname, name);
}

async function compile(source: string, target: string): Promise<void> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main([source, ...OPTIONS, ...MEMORY, '-o', 'out.wasm'], {
    readFile: (name) => (existsSync(inFolder(name)) ? readFileSync(inFolder(name), 'utf8') : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === null) throw new Error(`${source}: ${stderr.toString()}`);
  const text = Buffer.from(binary).toString('base64');
  const lines = [
    `/** WebAssembly in base64. Generated from ${source} by compile.ts; do not edit. */`,
    `export const WASM = '${text}';`,
    '',
  ];
  writeFileSync(target, lines.join('\n'));
}
