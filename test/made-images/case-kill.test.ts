import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeCase, readCase, readKey } from '../../src/case/case-file.ts';
import { checkChain } from '../../src/case/chain.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { run } from '../commands/run.ts';

const KILLS = 100;
const moduleAt = (file: string): string =>
  pathToFileURL(path.join(import.meta.dirname, '../../src', file)).href;
/** Writes log lines, and prints a message after each, until it is killed. */
const WRITER = `
const { changeCase } = await import(${JSON.stringify(moduleAt('case/case-file.ts'))});
const { Masker } = await import(${JSON.stringify(moduleAt('secrets/mask/masker.ts'))});
const masker = new Masker([]);
const facts = { at: new Date().toISOString(), tool: 'test', operator: null };
for (let i = 0; ; i++) {
  changeCase(process.argv[1], facts, () => ({ action: 'decided', decision: { finding: 'f' + i, verdict: 'rotated', reason: null, until: null } }), masker);
  process.stdout.write('.');
}`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-kill-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it(`keeps a case valid after ${KILLS} writers were killed while writing`, async () => {
  const file = path.join(folder, 'case.json');
  expect((await run('case', 'open', file)).status).toBe(0);
  let written = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const confirmed = await killedWriter(file, 1 + (kill % 5));
    const held = readCase(file);
    expect(checkChain(held, readKey(file))).toEqual({ broken: [], head: 'intact', sealed: true });
    // Every confirmed line is in the log, and at most one unconfirmed line.
    expect(held.log.length - written).toBeGreaterThanOrEqual(confirmed);
    written = held.log.length;
  }
  changeCase(
    file,
    { at: '', tool: '', operator: null },
    () => ({ action: 'revealed', finding: 'f' }),
    new Masker([]),
  );
  const left = (await readdir(folder)).filter((name) => !/^case\.json(?:\.key)?$/.test(name));
  // A writer that was killed while waiting for the lock may leave its lock request.
  expect(left.filter((name) => !name.includes('.lock.'))).toEqual([]);
});

/**
 * @returns the number of lines the writer confirmed before it was killed
 * @throws Error with the output of the writer, if it exited by itself
 */
async function killedWriter(file: string, after: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let confirmed = 0;
  let printed = '';
  child.stderr.on('data', (text: Buffer) => (printed += text.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => {
    child.stdout.on('data', (dots: Buffer) => {
      confirmed += dots.length;
      if (confirmed >= after) child.kill('SIGKILL');
    });
    child.on('close', (_status, by) => resolve(by));
  });
  if (signal !== 'SIGKILL') throw new Error(`the writer ended on its own: ${printed}`);
  return confirmed;
}
