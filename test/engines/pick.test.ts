import { describe, expect, it } from 'vitest';
import { parseJsonImages } from '../../src/image/engines/image-lists.ts';
import type { EngineImages } from '../../src/image/engines/local-images.ts';
import { pickColumns } from '../../src/tui/columns/pick-columns.ts';
import {
  type PickAction,
  pickedReference,
  type PickModel,
  pickName,
  pickProblems,
  startPick,
  updatePick,
} from '../../src/tui/pick.ts';

const docker = { kind: 'docker', cli: 'docker' } as const;
const podman = { kind: 'podman', cli: 'podman' } as const;

const NOW = new Date('2026-11-23T12:00:00Z');
const record = (name: string, tag: string, hour: string): string =>
  `${JSON.stringify({ Repository: name, Tag: tag, ID: `sha256:${name}0123456789`, Size: '12MB', CreatedAt: `2026-11-23 ${hour}:00:00 +0000 UTC` })}\n`;

const dockerAnswer: EngineImages = {
  engine: docker,
  images: parseJsonImages(docker, record('leaky', '1', '10') + record('base', 'slim', '08')),
};
const podmanAnswer: EngineImages = {
  engine: podman,
  images: parseJsonImages(podman, '[{"Id":"77","Names":["localhost/tool:1"],"Created":1795431600}]'),
};

function after(...actions: PickAction[]): PickModel {
  return actions.reduce(updatePick, startPick());
}

const shown = (model: PickModel): string[] =>
  model.rows.map((row) => (row.kind === 'demo' ? 'the demonstration' : pickName(row.image)));

describe('the picker of local images', () => {
  it('begins with the demonstration, which can be opened before any engine has answered', () => {
    const model = startPick();
    expect(shown(model)).toEqual(['the demonstration']);
    expect(pickedReference(model)).toBeNull();
    expect(model.asking).toBe(true);
  });

  it('shows images of all engines as they come, the newest first, the demonstration last', () => {
    const model = after(
      { type: 'answered', answer: dockerAnswer },
      { type: 'answered', answer: podmanAnswer },
      { type: 'all-answered' },
    );
    expect(shown(model)).toEqual(['localhost/tool:1', 'leaky:1', 'base:slim', 'the demonstration']);
    expect(model.asking).toBe(false);
    expect(pickedReference(model)).toBe('containers-storage:localhost/tool:1');
  });

  it('stays on the image that was chosen while others arrive', () => {
    const before = after({ type: 'answered', answer: dockerAnswer }, { type: 'move', by: 1 });
    expect(pickedReference(before)).toBe('docker-daemon:base:slim');
    const later = updatePick(before, { type: 'answered', answer: podmanAnswer });
    expect(pickedReference(later)).toBe('docker-daemon:base:slim');
    expect(later.cursor).toBe(2);
  });

  it('moves within its rows', () => {
    const model = after({ type: 'answered', answer: dockerAnswer });
    const at = (...actions: PickAction[]): number => actions.reduce(updatePick, model).cursor;
    expect(at({ type: 'move', by: -1 })).toBe(0);
    expect(at({ type: 'move', by: 99 })).toBe(2);
    expect(at({ type: 'go', to: 'last' })).toBe(2);
    expect(at({ type: 'go', to: 'last' }, { type: 'go', to: 'first' })).toBe(0);
  });

  it('finds by letters in their order, or by the beginning of an ID', () => {
    const all = after({ type: 'answered', answer: dockerAnswer }, { type: 'answered', answer: podmanAnswer });
    const found = updatePick(all, { type: 'search', query: 'lky' });
    expect(shown(found)).toEqual(['leaky:1', 'the demonstration']);
    expect(found.rows[0]).toMatchObject({ matched: [0, 3, 4] });
    expect(shown(updatePick(all, { type: 'search', query: '77' }))).toEqual([
      'localhost/tool:1',
      'the demonstration',
    ]);
    expect(shown(updatePick(all, { type: 'search', query: 'nothing like it' }))).toEqual([
      'the demonstration',
    ]);
    expect(shown(updatePick(found, { type: 'search', query: '' }))).toHaveLength(4);
  });

  it('says which engines did not answer', () => {
    const problem = {
      kind: 'no-daemon',
      words: ['first', 'no daemon\u001b[2J'],
      how: 'exit status 1',
    } as const;
    const model = after({ type: 'answered', answer: { engine: docker, problem } });
    expect(pickProblems(model)).toEqual(['docker: no daemon\\x1b[2J']);
  });

  it('draws what an engine says in plain characters', () => {
    const [image] = parseJsonImages(docker, record('leaky\u202e', '1', '10'));
    const cells = pickColumns(NOW).map(({ cell, title }) => [title, cell(image!)]);
    expect(Object.fromEntries(cells)).toEqual({
      name: 'leaky\\u{202e}',
      tag: '1',
      size: '12 MB',
      age: '2 hours',
      id: 'leaky\\u{202e}012345',
      engine: 'docker',
    });
  });
});
