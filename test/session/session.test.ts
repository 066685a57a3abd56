import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { dir, file, whiteout } from '../../fixtures/tar.ts';
import { removeSpools } from '../../src/bytes/spool.ts';
import { deletedPaths } from '../../src/ledger/deleted-files.ts';
import { searchableValues } from '../../src/retest/pair.ts';
import { goalsOf, readEarlier } from '../../src/session/earlier-report.ts';
import { findAll } from '../../src/session/find-all.ts';
import { formatReport } from '../../src/session/format-report.ts';
import { hashInput } from '../../src/session/hash-input.ts';
import type { SessionListener } from '../../src/session/listener.ts';
import { makeReport } from '../../src/session/make-report.ts';
import { retestSession } from '../../src/session/retest-session.ts';
import { prepareSearch } from '../../src/session/searching.ts';
import { openSession } from '../../src/session/session.ts';
import { pathText } from '../ledger-of.ts';

const TOKEN = githubToken('session');
const BASE: FixtureStep = {
  createdBy: 'COPY base /',
  entries: [
    dir('etc'),
    file('etc/os-release', 'ID=test\n'),
    file('etc/passwd', 'root:x:0:0::/root:/bin/sh\n'),
  ],
};
const LEAK: FixtureStep = {
  createdBy: 'COPY . /app',
  entries: [dir('app'), file('app/.env', `T=${TOKEN}\n`)],
};
const REMOVE: FixtureStep = { createdBy: 'RUN rm /app/.env', entries: [dir('app'), whiteout('app/.env')] };
const CLEAN: FixtureStep = {
  createdBy: 'COPY . /app',
  entries: [dir('app'), file('app/main.js', 'run()\n')],
};

const start = process.cwd();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhume-session-'));
});
afterEach(() => {
  process.chdir(start);
  removeSpools();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function image(name: string, steps: readonly FixtureStep[]): Promise<string> {
  const target = path.join(folder, `${name}.tar`);
  const built = await buildImage({ names: [`exhume/${name}:1`], steps: [...steps] });
  await writeFile(target, await dockerArchive([built], { form: 'podman' }));
  return target;
}

/** Returns a listener that records everything it receives. */
function collector(): { readonly listener: SessionListener; readonly said: string[] } {
  const said: string[] = [];
  const listener: SessionListener = {
    warning: (text) => said.push(`warning: ${text}`),
    notice: (text) => said.push(`notice: ${text}`),
    arrival: (name) => {
      said.push(`arrival: ${name}`);
      return { waitFor: () => {}, update: () => {}, end: () => said.push('arrived') };
    },
    scan: () => {
      said.push('scan');
      return { update: () => {}, end: () => said.push('scanned') };
    },
    imageRead: ({ image: { names } }) => said.push(`read: ${names.join()}`),
  };
  return { listener, said };
}

describe('a session without a command line', () => {
  it('lists deleted files, scans, writes a report and retests a fixed image', async () => {
    const leaky = await image('leaky', [BASE, LEAK, REMOVE]);
    const hashBefore = hashInput(leaky);
    const { listener, said } = collector();
    const session = await openSession(leaky, {}, listener);

    const { ledger } = session.stacked;
    const deleted = deletedPaths(ledger).map((id) => pathText(ledger, id));
    expect(deleted).toEqual(['/app/.env']);

    const findings = await findAll(session);
    const secret = findings.find(({ kind, suppressed }) => kind === 'secret' && suppressed === null)!;
    expect(secret).toMatchObject({ state: 'deleted', where: { path: '/app/.env', layer: 1 } });

    const report = await makeReport(session, { name: leaky, hashBefore });
    expect(report.findings.map(({ id }) => id)).toContain(secret.id);
    expect(report.reading).toMatchObject({ inputBefore: hashBefore, inputAfter: hashBefore });
    const text = [...formatReport(report, 'json', session, false)].join('\n');
    expect(text).not.toContain(TOKEN);
    const written = path.join(folder, 'report.json');
    await writeFile(written, text);
    expect(said).toEqual(['read: exhume/leaky:1', 'scan', 'scanned', 'scan', 'scanned']);

    const searching = await prepareSearch();
    const earlier = readEarlier(written, searching.masker);
    const fixed = await openSession(await image('fixed', [BASE, CLEAN]), { searching });
    const found = await findAll(fixed, { earlier: searchableValues(earlier) });
    const { result } = retestSession(earlier, fixed, found, goalsOf(undefined, earlier.goals));
    expect(result.met).toBe(true);
    expect(result.findings.find(({ id }) => id === secret.id)).toMatchObject({ result: 'fixed' });
  });

  it('opens the demonstration image if no image is named', async () => {
    const session = await openSession(undefined);
    expect(session.stacked.image.names).toEqual(['exhume/leaky:1']);
    expect((await findAll(session)).some(({ kind }) => kind === 'secret')).toBe(true);
  });

  it('masks the matches of configured rules', async () => {
    const config = path.join(folder, 'rules.yaml');
    await writeFile(
      config,
      'rules: [{ id: badge, title: Badge, anchors: [badge], pattern: "badge-[0-9]{6}" }]\n',
    );
    const badge = `badge-${123456}`;
    const named = await image('badge', [{ ...LEAK, createdBy: `RUN login ${badge}` }]);
    const session = await openSession(named, { config });
    expect(session.masker.mask(session.history.entries[0]!.createdBy!)).not.toContain(badge);
    expect((await findAll(session)).map(({ title }) => title)).toContain('Badge');
  });

  it('reads an archive from the given stream, and reports the progress', async () => {
    const archive = await dockerArchive([await buildImage({ names: ['piped:1'], steps: [BASE] })], {
      form: 'podman',
    });
    const { listener, said } = collector();
    const session = await openSession('-', { stdin: Readable.from([archive]) }, listener);
    expect(session.stacked.image.names).toEqual(['piped:1']);
    expect(said.slice(0, 2)).toEqual(['arrival: standard input', 'arrived']);
    await expect(openSession('-')).rejects.toThrow('cannot read an image from standard input here');
  });

  it('passes warnings to the listener and works without one', async () => {
    const cut = path.join(folder, 'cut.tar');
    const steps = [BASE, { ...LEAK, missing: true }];
    await writeFile(cut, await dockerArchive([await buildImage({ steps })], { form: 'podman' }));
    const base = await image('other-base', [CLEAN]);
    const { listener, said } = collector();
    await openSession(cut, { base }, listener);
    const warnings = said.filter((text) => text.startsWith('warning: '));
    expect(warnings.some((text) => text.includes('layer 1'))).toBe(true);
    expect(warnings.at(-1)).toContain('is not the base of this image');
    await openSession(cut, { base });
  });

  it('gives a notice when it uses exhume.yaml in the current directory', async () => {
    const here = await mkdtemp(path.join(folder, 'here-'));
    await writeFile(path.join(here, 'exhume.yaml'), 'allow: []\n');
    const target = await image('configured', [BASE]);
    process.chdir(here);
    const { listener, said } = collector();
    await openSession(target, {}, listener);
    expect(said[0]).toMatch(/^notice: using exhume\.yaml/);
  });

  it('stops when the signal fires', async () => {
    const stopped = AbortSignal.abort();
    const target = await image('stopped', [BASE, LEAK]);
    const session = await openSession(target);
    const cancelled = { ...session, options: { signal: stopped } };
    await expect(findAll(cancelled)).rejects.toMatchObject({ code: 'cancelled' });
    await expect(openSession(target, { signal: stopped })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('another image named for a report', () => {
  it('is not affected by the option that selects the main image', async () => {
    const builtA = await buildImage({ names: ['a:1'], steps: [BASE] });
    const builtB = await buildImage({ names: ['b:1'], steps: [BASE, LEAK] });
    const both = path.join(folder, 'both.tar');
    await writeFile(both, await dockerArchive([builtA, builtB], { form: 'podman' }));
    const sharing = await image('sharing', [BASE, LEAK, REMOVE]);
    const session = await openSession(both, { image: '1' });
    const { also } = await makeReport(session, { name: both, hashBefore: null, also: [sharing] });
    expect(also.map(({ layers, names }) => [names, layers])).toEqual([[['exhume/sharing:1'], [0, 1]]]);
  });
});
