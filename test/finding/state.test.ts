import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubToken } from '../../fixtures/canary.ts';
import { dockerArchive } from '../../fixtures/forms.ts';
import { buildImage, type FixtureStep } from '../../fixtures/image.ts';
import { file, whiteout } from '../../fixtures/tar.ts';
import type { Finding, FindingCounts } from '../../src/finding/finding.ts';
import { mostVisible, stateOf } from '../../src/finding/state.ts';
import type { Report } from '../../src/report/report.ts';
import { run } from '../commands/run.ts';

describe('the state of an occurrence', () => {
  it('is the state of the file, or live for settings that the container gets', () => {
    expect(stateOf({ surface: 'file', key: null }, 'shadowed')).toBe('shadowed');
    expect(stateOf({ surface: 'env', key: 'TOKEN' })).toBe('live');
    for (const key of ['Cmd[1]', 'Entrypoint[0]', 'Healthcheck.Test[1]', 'User', 'WorkingDir']) {
      expect([key, stateOf({ surface: 'config', key })]).toEqual([key, 'live']);
    }
  });

  it('is metadata for everything that the container does not get', () => {
    for (const surface of ['history', 'label', 'attestation', 'archive'] as const) {
      expect([surface, stateOf({ surface, key: 'created_by' })]).toEqual([surface, 'metadata']);
    }
    for (const key of ['author', 'OnBuild[0]', 'container_config.Cmd[2]', 'moby.buildkit.cache', null]) {
      expect([key, stateOf({ surface: 'config', key })]).toEqual([key, 'metadata']);
    }
  });

  it('is the most visible one; of equals, the first', () => {
    const of = (...states: Finding['state'][]): number => {
      const all = states.map((state, index) => ({ state, index }));
      return mostVisible(all).index;
    };
    expect(of('metadata', 'deleted', 'shadowed', 'live')).toBe(3);
    expect(of('metadata', 'deleted', 'deleted')).toBe(1);
    expect(of('metadata', 'metadata')).toBe(0);
  });
});

describe('whether a credential is live', () => {
  const value = githubToken('state');
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exhume-state-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Returns the only credential of an image from `scan` and from `report`, with the counts of `scan`. */
  async function both(
    name: string,
    steps: FixtureStep[],
    config: Record<string, unknown> = {},
  ): Promise<{ scanned: Finding; reported: Report['findings'][number]; counts: FindingCounts }> {
    const target = path.join(folder, `${name}.tar`);
    await writeFile(target, await dockerArchive([await buildImage({ steps, config })], { form: 'podman' }));
    const scan = JSON.parse((await run('scan', target, '--json')).stdout) as {
      findings: Finding[];
      counts: FindingCounts;
    };
    const out = path.join(folder, `${name}.json`);
    await run('report', target, '--format', 'json', '-o', out);
    const report = JSON.parse(await readFile(out, 'utf8')) as Report;
    const secret = ({ fingerprint, kind }: Finding): boolean => kind === 'secret' && fingerprint !== null;
    return {
      scanned: scan.findings.find(secret)!,
      reported: report.findings.find(secret)!,
      counts: scan.counts,
    };
  }

  it('is the same in scan and report if the file was removed and the history has the value', async () => {
    const { counts, reported, scanned } = await both('echoed', [
      {
        createdBy: `RUN echo GITHUB_TOKEN=${value} > /app.env`,
        entries: [file('app.env', `GITHUB_TOKEN=${value}\n`)],
      },
      { createdBy: 'RUN rm /app.env', entries: [whiteout('app.env')] },
    ]);
    expect(scanned.occurrences.map(({ state, where }) => [where.surface, state])).toEqual([
      ['file', 'deleted'],
      ['history', 'metadata'],
    ]);
    expect([scanned.state, scanned.where.surface]).toEqual(['deleted', 'file']);
    expect([reported.state, reported.audience]).toEqual(['deleted', 'image']);
    expect(counts.byState).toMatchObject({ deleted: 1 });
  });

  it('is metadata if only a label or a build argument has it', async () => {
    const steps = [{ createdBy: `|1 TOKEN=${value} /bin/sh -c true`, entries: [file('a', 'a')] }];
    const inHistory = await both('argument', steps);
    expect([inHistory.scanned.state, inHistory.reported.audience]).toEqual(['metadata', 'image']);
    const clean = [{ createdBy: 'COPY a /', entries: [file('a', 'a')] }];
    const inLabel = await both('label', clean, { Labels: { token: value } });
    expect([inLabel.scanned.state, inLabel.reported.audience]).toEqual(['metadata', 'image']);
    expect(inLabel.counts.byState.metadata).toBeGreaterThan(0);
  });

  it('is live in the environment and in the command', async () => {
    const clean = [{ createdBy: 'COPY a /', entries: [file('a', 'a')] }];
    for (const config of [{ Env: [`TOKEN=${value}`] }, { Cmd: ['run', '--token', value] }]) {
      const name = Object.keys(config)[0]!;
      const { reported, scanned } = await both(name, clean, config);
      expect([name, scanned.state, reported.audience]).toEqual([name, 'live', 'container']);
    }
  });
});
