import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeOutput } from '../../src/case/write-output.ts';

let top = '';
let count = 0;
let folder = '';
beforeAll(() => {
  top = mkdtempSync(path.join(tmpdir(), 'exhume-output-'));
});
beforeEach(() => {
  folder = path.join(top, String(count++));
  mkdirSync(folder);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);

function saved(name: string, text = 'evidence'): string {
  writeFileSync(at(name), text);
  return at(name);
}

const REPLACE = { replace: true } as const;

describe('writing a regular file', () => {
  it('writes the whole file, readable only by its owner, and leaves no temporary file', async () => {
    await writeOutput(at('out'), 'text', { replace: false });
    expect(readFileSync(at('out'), 'utf8')).toBe('text');
    expect(lstatSync(at('out')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('replaces an existing file only on request', async () => {
    const file = saved('out');
    const refused = writeOutput(file, 'text', { replace: false, option: '--force' });
    await expect(refused).rejects.toThrow('already exists; --force replaces it');
    expect(readFileSync(file, 'utf8')).toBe('evidence');
    await writeOutput(file, 'text', REPLACE);
    expect(readFileSync(file, 'utf8')).toBe('text');
  });

  it('follows a symbolic link and keeps it', async () => {
    const file = saved('target');
    symlinkSync('target', at('link'));
    await writeOutput(at('link'), 'text', REPLACE);
    expect([readlinkSync(at('link')), readFileSync(file, 'utf8')]).toEqual(['target', 'text']);
    await expect(writeOutput(at('link'), 'x', { replace: false })).rejects.toThrow('already exists');
  });

  it('does not create the target of a dangling link', async () => {
    symlinkSync('none', at('link'));
    await expect(writeOutput(at('link'), 'text', REPLACE)).rejects.toThrow('does not exist');
    expect(existsSync(at('none'))).toBe(false);
  });
});

describe('writing an input file', () => {
  it.each([
    ['the same path', (image: string) => image],
    [
      'the same path, spelled differently',
      (image: string) => `${path.dirname(image)}/./${path.basename(image)}`,
    ],
    ['a hard link', (image: string) => (linkSync(image, at('hard')), at('hard'))],
    ['a symbolic link', (image: string) => (symlinkSync(image, at('soft')), at('soft'))],
    [
      'a link to a link',
      (image: string) => {
        symlinkSync(image, at('soft'));
        symlinkSync('soft', at('softer'));
        return at('softer');
      },
    ],
  ])('is refused: %s', async (_, name) => {
    const image = saved('image.tar');
    const output = name(image);
    const inputs = [at('none'), image];
    await expect(writeOutput(output, 'text', { replace: true, inputs })).rejects.toMatchObject({
      code: 'unsafe-target',
      message: expect.stringContaining('part of the input'),
    });
    expect(readFileSync(image, 'utf8')).toBe('evidence');
  });

  it('is refused if the input was named through a link', async () => {
    const image = saved('image.tar');
    symlinkSync(image, at('named'));
    const inputs = [at('named')];
    await expect(writeOutput(image, 'text', { replace: true, inputs })).rejects.toThrow('part of the input');
  });

  it('is refused if the file is in an input directory, also through a hard link', async () => {
    mkdirSync(at('layout/blobs/sha256'), { recursive: true });
    const blob = saved('layout/blobs/sha256/00');
    linkSync(blob, at('elsewhere'));
    const inputs = [at('layout')];
    for (const output of [blob, at('elsewhere')]) {
      await expect(writeOutput(output, 'text', { replace: true, inputs })).rejects.toThrow(
        'part of the input',
      );
    }
    expect(readFileSync(blob, 'utf8')).toBe('evidence');
  });

  it('is refused if an input cannot be read', async () => {
    const output = saved('report.md');
    symlinkSync('loop', at('loop'));
    const refused = writeOutput(output, 'text', { replace: true, inputs: [at('loop')] });
    await expect(refused).rejects.toThrow(/it may be part of the input .*ELOOP/);
    expect(readFileSync(output, 'utf8')).toBe('evidence');
    await writeOutput(output, 'text', { replace: true, inputs: [at('gone')] });
  });

  it('is refused if standard input reads the file', async () => {
    const image = saved('image.tar');
    const inputs = [openSync(image, 'r')];
    await expect(writeOutput(image, 'text', { replace: true, inputs })).rejects.toThrow('standard input');
  });
});

describe.skipIf(process.platform === 'win32')('writing a device or a pipe', () => {
  it('writes to a device in place', async () => {
    await writeOutput('/dev/null', 'text', REPLACE);
    await writeOutput('/dev/null', 'text', { replace: false });
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('continues to write to a regular file that is already open', async () => {
    const descriptor = openSync(at('log'), 'a');
    writeSync(descriptor, 'before\n');
    await writeOutput(`/dev/fd/${descriptor}`, 'text\n', { replace: false });
    writeSync(descriptor, 'after\n');
    expect(readFileSync(at('log'), 'utf8')).toBe('before\ntext\nafter\n');
  });

  it.skipIf(!existsSync('/dev/full'))('reports that a device is full', async () => {
    await expect(writeOutput('/dev/full', 'text', REPLACE)).rejects.toMatchObject({ code: 'disk-full' });
    expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it('writes to a pipe as fast as the pipe accepts', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const text = 'x'.repeat(300_000);
    const read = readFile(at('pipe'), 'utf8');
    await writeOutput(at('pipe'), text, REPLACE);
    expect((await read).length).toBe(text.length);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  it('can be cancelled while a pipe has no reader', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const leaving = new AbortController();
    const writing = writeOutput(at('pipe'), 'text', { replace: true, signal: leaving.signal });
    leaving.abort();
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('refuses a directory and a socket', async () => {
    mkdirSync(at('directory'));
    await expect(writeOutput(at('directory'), 'text', REPLACE)).rejects.toThrow('it is a directory');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    await expect(writeOutput(at('socket'), 'text', REPLACE)).rejects.toThrow('it is a socket');
    await new Promise((resolve) => server.close(resolve));
  });
});
