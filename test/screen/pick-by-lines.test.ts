import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pickByLines, type PickedByLines } from '../../src/screen/pick-by-lines.ts';
import { type PickModel, startPick, updatePick } from '../../src/tui/pick.ts';
import type { LocalImage } from '../../src/image/engines/image-lists.ts';

const NOW = new Date('2026-05-10T00:00:00Z');
const engine = { kind: 'docker', cli: 'docker' } as LocalImage['engine'];
const [app, worker] = ['shop/app', 'shop/worker'].map((name, i): LocalImage => {
  const created = `2026-05-0${5 - i}T00:00:00Z`;
  return {
    engine,
    reference: `docker-daemon:${name}:2`,
    name,
    tag: '2',
    id: String(i).repeat(64),
    size: 5e6,
    created,
    platforms: [],
  };
});

function picking(): PickModel {
  return updatePick(startPick(), { type: 'answered', answer: { engine, images: [app!, worker!] } });
}

/** What is said, and what comes of it. */
async function talk(...answers: string[]): Promise<{ said: string; picked: PickedByLines }> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let said = '';
  stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
  stdin.end(answers.map((answer) => `${answer}\n`).join(''));
  const { signal } = new AbortController();
  const picked = await pickByLines(picking(), { stdin, stdout, signal, now: NOW });
  return { said, picked };
}

describe('local images offered line by line', () => {
  it('are numbered and opened by number', async () => {
    const { said, picked } = await talk('2');
    expect(said).toMatch(
      /^1\. shop\/app, 2, .*\n2\. shop\/worker, 2, .*\n3\. the built-in demonstration image\n/,
    );
    expect(picked).toEqual({ reference: worker!.reference });
  });

  it('are searched by text and renumbered', async () => {
    const { said, picked } = await talk('work', '1');
    expect(said.split('1. shop/worker')).toHaveLength(2);
    expect(picked).toEqual({ reference: worker!.reference });
  });

  it('report an invalid number and ask again', async () => {
    const { said, picked } = await talk('9', '3');
    expect(said).toContain('No number 9; the last one is 3.');
    expect(picked).toBe('demo');
  });

  it.each([[['']], [[]]])('are left by Enter alone, and by the end of the input', async (answers) => {
    expect((await talk(...answers)).picked).toBeNull();
  });
});
