import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const SOURCE = path.join(import.meta.dirname, 'usual-members.ts');
const TARGET = path.join(import.meta.dirname, 'usual-members.wasm.ts');

/** No runtime of AssemblyScript's: the module allocates nothing, and whoever starts it gives it its memory. */
const OPTIONS = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
const MEMORY = ['--importMemory', '--initialMemory', '1'];

/**
 * Compiles the loop to WebAssembly, as a module of the program that holds it as text: so the sources run as they
 * are, and the built program stays one file. Does nothing where that is newer than the source.
 * @throws Error with the compiler's words where it finds a mistake
 */
export async function compileAssembly(): Promise<void> {
  if (existsSync(TARGET) && statSync(TARGET).mtimeMs > statSync(SOURCE).mtimeMs) return;
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [path.basename(SOURCE), ...OPTIONS, ...MEMORY, '--enable', 'simd', '-o', 'out.wasm'],
    {
      readFile: (name) => (name === path.basename(SOURCE) ? readFileSync(SOURCE, 'utf8') : null),
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === null) throw new Error(`${path.basename(SOURCE)}: ${stderr.toString()}`);
  const text = Buffer.from(binary).toString('base64');
  writeFileSync(
    TARGET,
    `/** Made from usual-members.ts by compile.ts. */\nexport const USUAL_MEMBERS = '${text}';\n`,
  );
}
