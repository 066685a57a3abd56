import type { Healthcheck, ImageConfig, RuntimeConfig } from '../image/config.ts';
import type { DockerfileLine } from './dockerfile-line.ts';
import type { Instruction } from './instruction.ts';
import { keyValues, keyValueText } from './key-values.ts';

/** A line whose place is still to be said. */
export type Line = Pick<DockerfileLine, 'text' | 'basis' | 'note'>;

/** The PATH that builders give an image from scratch. */
const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Labels that builders add of themselves. */
const BUILDERS_LABELS = /^io\.buildah\.version$|^org\.opencontainers\.image\.base\./;
const FROM_CONFIG = 'from the config; no history entry sets it';

/** A list in exec form. */
export function execForm(words: readonly string[]): string {
  return JSON.stringify(words);
}

/**
 * The last instruction of a kind, with the value that the config has: the history prints lists and health
 * checks in Go's syntax.
 * @returns null for kinds that the history has in full, and where the config has none
 */
export function configLine({ keyword }: Instruction, { runtime }: ImageConfig): Line | null {
  const text = keyword === null ? null : textOf(keyword, runtime);
  return text === null ? null : { text, basis: 'observed', note: null };
}

function textOf(keyword: string, runtime: RuntimeConfig): string | null {
  switch (keyword) {
    case 'CMD':
      return listText('CMD', runtime.cmd);
    case 'ENTRYPOINT':
      return listText('ENTRYPOINT', runtime.entrypoint);
    case 'SHELL':
      return listText('SHELL', runtime.shell);
    case 'HEALTHCHECK':
      return runtime.healthcheck === null ? null : healthcheckText(runtime.healthcheck);
    case 'USER':
      return runtime.user === null || runtime.user === '' ? null : `USER ${runtime.user}`;
    case 'STOPSIGNAL':
      return runtime.stopSignal === null ? null : `STOPSIGNAL ${runtime.stopSignal}`;
    default:
      return null;
  }
}

function listText(keyword: string, words: readonly string[] | null): string | null {
  return words === null ? null : `${keyword} ${execForm(words)}`;
}

/** A health check; a time that is not set is left out. */
function healthcheckText(health: Healthcheck): string | null {
  const [kind, ...words] = health.test;
  if (kind === 'NONE') return 'HEALTHCHECK NONE';
  if (kind === undefined) return null;
  const options = [
    ['interval', seconds(health.interval)],
    ['timeout', seconds(health.timeout)],
    ['start-period', seconds(health.startPeriod)],
    ['retries', health.retries === null || health.retries === 0 ? null : String(health.retries)],
  ].flatMap(([name, value]) => (value === null ? [] : [`--${name}=${value} `]));
  const command = kind === 'CMD-SHELL' ? words.join(' ') : execForm(kind === 'CMD' ? words : health.test);
  return `HEALTHCHECK ${options.join('')}CMD ${command}`;
}

/** A port as a Dockerfile names it: TCP goes without saying. */
export function port(text: string): string {
  return text.replace(/\/tcp$/, '');
}

/** Nanoseconds as a Dockerfile writes a time. */
function seconds(nanoseconds: number | null): string | null {
  if (nanoseconds === null || nanoseconds === 0) return null;
  return nanoseconds % 1_000_000_000 === 0
    ? `${nanoseconds / 1_000_000_000}s`
    : `${nanoseconds / 1_000_000}ms`;
}

/** What the config sets and no history entry does: kaniko, jib and others write no entries for it. */
export function missingLines(instructions: readonly Instruction[], config: ImageConfig): Line[] {
  const { runtime } = config;
  const said = new Set(instructions.map(({ keyword }) => keyword));
  const keys = (keyword: string): Set<string> =>
    new Set(
      instructions
        .filter((each) => each.keyword === keyword)
        .flatMap(({ text }) => keyValues(text.slice(keyword.length), new Map()).pairs.map(({ key }) => key)),
    );
  const lines: string[] = [];
  const add = (keyword: string, text: string | null): void => {
    if (!said.has(keyword) && text !== null) lines.push(text);
  };
  const labels = keys('LABEL');
  for (const [key, value] of Object.entries(runtime.labels)) {
    if (!labels.has(key) && !BUILDERS_LABELS.test(key)) lines.push(`LABEL ${keyValueText({ key, value })}`);
  }
  const variables = keys('ENV');
  for (const each of runtime.env) {
    const [key, value] = [each.split('=', 1)[0]!, each.slice(each.indexOf('=') + 1)];
    if (!variables.has(key) && each !== DEFAULT_PATH) lines.push(`ENV ${keyValueText({ key, value })}`);
  }
  const folder = runtime.workingDir ?? '';
  add('WORKDIR', folder === '' || folder === '/' ? null : `WORKDIR ${folder}`);
  add(
    'EXPOSE',
    runtime.exposedPorts.length === 0 ? null : `EXPOSE ${runtime.exposedPorts.map(port).join(' ')}`,
  );
  add('VOLUME', runtime.volumes.length === 0 ? null : `VOLUME ${execForm(runtime.volumes)}`);
  for (const keyword of ['SHELL', 'STOPSIGNAL', 'HEALTHCHECK', 'USER', 'ENTRYPOINT', 'CMD']) {
    const empty =
      keyword === 'ENTRYPOINT'
        ? runtime.entrypoint?.length === 0
        : keyword === 'CMD' && runtime.cmd?.length === 0;
    if (!empty) add(keyword, textOf(keyword, runtime));
  }
  if (!said.has('ONBUILD')) lines.push(...runtime.onBuild.map((text) => `ONBUILD ${text}`));
  return lines.map((text) => ({ text, basis: 'inferred', note: FROM_CONFIG }));
}
