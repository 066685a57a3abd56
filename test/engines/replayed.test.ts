import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeSpools } from '../../src/bytes/spool.ts';
import { chooseImage } from '../../src/image/choose.ts';
import { EngineProblem } from '../../src/image/engines/engine-problem.ts';
import { type EngineOptions, openFromEngines } from '../../src/image/engines/open-engine.ts';
import type { ImageArchive } from '../../src/image/image.ts';
import { StandIns } from './stand-ins.ts';
import { TRANSCRIPTS, transcript } from './transcripts.ts';

const SAVED = path.join(import.meta.dirname, '../../../shared/images/engines/multi-default.nerdctl2.tar');
const skip = TRANSCRIPTS.skip || !existsSync(SAVED);

/** Debian has no nerdctl, so these tests replay its recorded messages and archives. */
describe.skipIf(skip)(
  `nerdctl 2, replayed${skip ? ' (skipped: no ../shared beside the project)' : ''}`,
  () => {
    const usual = process.env['TMPDIR'];
    let engines: StandIns;

    beforeEach(async () => {
      engines = await StandIns.make();
      process.env['TMPDIR'] = engines.temporary;
      const said = async (name: string): Promise<string> =>
        engines.file(name, transcript(name).replace(/^rc=\d+\n/m, ''));
      const list = await said('nerdctl2.images.jsonl');
      const missing = await said('nerdctl2.save-missing.out');
      const noDaemon = await said('nerdctl2.nodaemon.out');
      await engines.program(
        'nerdctl',
        `if test -n "$CONTAINERD_ADDRESS"; then /bin/cat ${noDaemon} >&2; exit 1; fi
case "$*" in
  images*) exec /bin/cat ${list};;
  'save -- multi:1') exec /bin/cat ${SAVED};;
  *) /bin/cat ${missing} >&2; exit 1;;
esac`,
      );
    });

    afterEach(async () => {
      removeSpools();
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
      await engines.remove();
    });

    const open = (name: string, env: NodeJS.ProcessEnv = {}): Promise<ImageArchive> => {
      const options: EngineOptions = {
        env: { ...engines.env, ...env },
        cli: null,
        platform: null,
        quiet: false,
      };
      return openFromEngines('any', name, options);
    };

    const problemOf = async (opening: Promise<unknown>): Promise<EngineProblem> => {
      const error = await opening.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(EngineProblem);
      return error as EngineProblem;
    };

    it('opens the pulled platform, and says that the other was not pulled', async () => {
      const archive = await open('multi:1');
      expect(chooseImage(archive).open()).toMatchObject({
        source: 'containerd:multi:1',
        platform: { os: 'linux', architecture: 'amd64' },
      });
      const problem = await problemOf(
        Promise.resolve().then(() => chooseImage(archive, { platform: 'linux/arm64' })),
      );
      expect(problem.message).toContain('nerdctl lists this image for linux/arm64, but has not pulled it');
    });

    it('has no such image, but one with a similar name', async () => {
      const problem = await problemOf(open('nope/leaky:2'));
      expect(problem.message).toBe('nope/leaky:2: no such file, and nerdctl has no such image');
      expect(problem.notes.at(-1)).toBe('similar names: leaky:1');
    });

    it('cannot reach its daemon', async () => {
      const problem = await problemOf(open('multi:1', { CONTAINERD_ADDRESS: '/nowhere' }));
      expect(problem.message).toBe('multi:1: no such file, and nerdctl cannot reach its daemon');
      expect(problem.notes[0]).toContain('cannot access containerd socket');
    });
  },
);
