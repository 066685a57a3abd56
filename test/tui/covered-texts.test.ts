import { beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { file } from '../../fixtures/tar.ts';
import { alignHistory } from '../../src/history/align.ts';
import { parseConfig } from '../../src/image/config.ts';
import { configTable } from '../../src/tui/tables/config-table.ts';
import { historyTable } from '../../src/tui/tables/history-table.ts';
import type { TableRow } from '../../src/tui/tables/table.ts';
import { Masker } from '../../src/secrets/mask/masker.ts';
import { imageOf, type TestImage } from './stacked-of.ts';

const token = (what: string): string => githubToken(`covered ${what}`);
const said = (what: string): string[] => ['run', token(what)];

const config = parseConfig({
  os: 'linux',
  architecture: 'amd64',
  author: token('author'),
  config: {
    Env: [`A=${token('env')}`],
    Labels: { note: token('label') },
    Cmd: said('cmd'),
    Entrypoint: said('entrypoint'),
    Shell: said('shell'),
    Healthcheck: { Test: ['CMD', ...said('healthcheck')] },
    OnBuild: [`RUN echo ${token('onbuild')}`],
    User: token('user'),
    WorkingDir: `/${token('workdir')}`,
    StopSignal: token('signal'),
    Volumes: { [`/${token('volume')}`]: {} },
  },
  history: [{ created_by: `RUN ${token('created_by')}`, comment: token('comment'), author: token('by') }],
});

let image: TestImage;
beforeAll(async () => {
  const { stacked } = await imageOf([{ by: 'COPY . /', entries: [file('a')] }]);
  const annotations = { note: token('annotation') };
  image = {
    stacked: { ...stacked, image: { ...stacked.image, config, annotations } },
    history: alignHistory(config.history, 1),
  };
});

function drawn(rows: readonly TableRow[]): string {
  return rows.flatMap(({ cells, detail }) => [...cells, ...detail]).join('\n');
}

/** What a token begins with: enough to tell one, wherever it stands. */
const BEGINNING = token('any').slice(0, 4);

describe('what the writer of an image may have put a credential into', () => {
  it('is covered in the Config view, whatever row it is', () => {
    const { rows } = configTable(image.stacked, new Masker([]));
    expect(drawn(rows)).not.toContain(BEGINNING);
    expect(rows.filter(({ cells }) => cells[1]!.includes('*'))).toHaveLength(13);
  });

  it('is covered in the History view, in comment and author, too', () => {
    const { rows } = historyTable(
      image.stacked,
      image.history,
      { places: [], layers: new Map(), entries: new Map() },
      false,
      0,
      new Masker([]),
    );
    expect(drawn(rows)).not.toContain(BEGINNING);
    expect(rows[0]!.detail.filter((line) => line.includes('*'))).toHaveLength(3);
  });
});
