import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage } from '../../fixtures/image.ts';
import { file } from '../../fixtures/tar.ts';
import { NODE, PROGRAM } from './program.ts';
import { NO_TERMINAL, Terminal } from './terminal.ts';

let folder = '';
let archive = '';
let terminal: Terminal;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'exhume-switch-'));
  archive = path.join(folder, 'two.tar');
  const of = (name: string): ReturnType<typeof buildImage> =>
    buildImage({
      steps: [{ createdBy: `COPY ${name} /`, entries: [file(`only-in-${name}`, name)] }],
      names: [`shop/${name}:1`],
    });
  writeFileSync(archive, await dockerArchive([await of('web'), await of('jobs')], { form: 'podman' }));
});

afterEach(() => {
  terminal.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(...argv: string[]): Terminal {
  const env = { PATH: folder, XDG_STATE_HOME: path.join(folder, 'state'), HOME: folder };
  terminal = new Terminal([NODE, PROGRAM, archive, ...argv], { columns: 100, rows: 30, env });
  return terminal;
}

describe.skipIf(NO_TERMINAL !== null)(
  `an archive of two images in a real terminal${NO_TERMINAL ?? ''}`,
  () => {
    it('shows one, then the other, each in its previous state', async () => {
      start();
      await terminal.shows(/shop\/web:1 .*image 1 of 2[\s\S]*only-in-web/);
      terminal.press('5');
      await terminal.shows(/\[5 History/);
      terminal.press('I');
      await terminal.shows(/Images in this archive[\s\S]*> \* 1[\s\S]*shop\/jobs:1/);
      terminal.type('jobs');
      await terminal.shows(/> {3}2 .*shop\/jobs:1/);
      terminal.press('Enter');
      await terminal.shows(/shop\/jobs:1 .*image 2 of 2[\s\S]*only-in-jobs/);
      expect(terminal.screen()).not.toContain('only-in-web');
      terminal.press('I', 'Up', 'Enter');
      await terminal.shows(/shop\/web:1[\s\S]*\[5 History/);
      terminal.press('q');
      await terminal.ended();
      expect(readdirSync(path.join(folder, 'state/exhume'), { recursive: true }).length).toBeGreaterThan(2);
    });

    it('opens the image of the named case', async () => {
      start('--case', path.join(folder, 'case.json'));
      await terminal.shows(/image 1 of 2/);
      terminal.press('I', 'Down', 'Enter');
      await terminal.shows(/the case belongs to this image/);
      terminal.press('q');
      await terminal.ended();
    });
  },
);
