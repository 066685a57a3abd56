import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { TOP } from '../smoke/program.ts';

/** A build of the program for one test file, because other test files may build at the same time. */
export interface BuiltProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/** Builds the program into a new directory that every user may read. */
export async function buildProgram(): Promise<BuiltProgram> {
  const folder = await mkdtemp(path.join(tmpdir(), 'engines-build-'));
  await chmod(folder, 0o755);
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  await execa('npm', ['run', '--silent', 'build', '--', `--outdir=${folder}`], { cwd: TOP });
  return { file: path.join(folder, 'exhume.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
