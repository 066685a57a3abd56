import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

/** No runtime of AssemblyScript's: the modules allocate nothing, and whoever starts one gives it its memory. */
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

/** What becomes a module; the other sources are parts of these. */
const MODULES = ['usual-members', 'anchor-scan'];

/**
 * Compiles `NAME.as.ts` to WebAssembly, as modules of the program that hold it as text: so the sources run as they
 * are, and the built program stays one file. Does nothing where all of them are newer than every source and this.
 * @throws Error with the compiler's words where it finds a mistake
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
    `/** Made from ${source} by compile.ts: WebAssembly, in base64. */`,
    `export const WASM = '${text}';`,
    '',
  ];
  writeFileSync(target, lines.join('\n'));
}
