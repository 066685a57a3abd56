import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArchive } from '../../fixtures/demo.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { hostileNames } from '../../fixtures/hostile.ts';
import { run } from '../commands/run.ts';
import { tool, wanting } from './tools.ts';

const { skip, reason } = wanting('mactime');

describe.skipIf(skip)(`the body file in mactime${reason}`, () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-mactime-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Rows of `mactime -d`: date, size, kinds of times, mode, uid, gid, inode, name. */
  async function timeline(image: string): Promise<{ body: string[]; rows: string[] }> {
    const file = path.join(folder, 'image.body');
    const { status } = await run('report', image, '-o', file, '--force', '--quiet');
    expect(status).toBe(0);
    const body = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const printed = await tool('mactime', '-d', '-z', 'UTC', '-b', file);
    // Times that a tar does not record become rows without a date.
    const rows = printed.trimEnd().split('\n').slice(1);
    return { body, rows: rows.filter((row) => !row.startsWith('Xxx')) };
  }

  it('has a row for each entry with a time, at that time', async () => {
    const image = path.join(folder, 'demo.tar');
    await writeFile(image, (await demoArchive()).bytes);
    const { body, rows } = await timeline(image);
    const timed = body.filter((line) => line.split('|')[8] !== '0');
    expect(timed.length).toBeGreaterThan(100);
    expect(rows).toHaveLength(timed.length);
    expect(rows.every((row) => row.includes(',m...,'))).toBe(true);
    const key = timed.find((line) => line.includes('/root/.ssh/id_ed25519|'))!.split('|');
    const shown = rows.find((row) => row.includes(`${key[1]!}"`) || row.endsWith(key[1]!))!;
    const at = new Date(Number(key[8]) * 1000);
    expect(shown).toContain(` ${at.getUTCFullYear()} ${at.toISOString().slice(11, 19)}`);
    expect(shown).toContain(key[3]!);
  });

  it('adds no rows for hostile names', async () => {
    const image = path.join(folder, 'names.tar');
    await writeFile(image, await dockerArchive([await hostileNames()], { form: 'podman' }));
    const { body, rows } = await timeline(image);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(body.length);
    for (const row of rows) expect(row).toContain('layer-');
  });
});
