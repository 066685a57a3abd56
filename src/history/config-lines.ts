import type { Healthcheck, ImageConfig, RuntimeConfig } from '../image/config.ts';
import type { DockerfileLine } from './dockerfile-line.ts';
import type { Instruction } from './instruction.ts';
import { keyValues, keyValueText } from './key-values.ts';

/** A line that is not yet assigned to a history entry. */
export type Line = Pick<DockerfileLine, 'text' | 'basis' | 'note'>;

/** The PATH that builders set in an image built FROM scratch. */
const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Labels that builders add on their own. */
const BUILDER_LABELS = /^io\.buildah\.version$|^org\.opencontainers\.image\.base\./;
const FROM_CONFIG = 'from the config; no history entry sets it';

/** Formats words in exec form, as a JSON array. */
export function execForm(words: readonly string[]): string {
  return JSON.stringify(words);
}

/**
 * Returns the last instruction of its keyword with the value from the config, because the history records
 * lists and health checks in Go's format.
 * @returns null for keywords that the history records in full, and if the config has no value
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

/** Formats a HEALTHCHECK; options that are not set are omitted. */
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

/** Formats a port as in a Dockerfile, where TCP is the default. */
export function port(text: string): string {
  return text.replace(/\/tcp$/, '');
}

/** Formats nanoseconds as a Dockerfile duration; null if not set. */
function seconds(nanoseconds: number | null): string | null {
  if (nanoseconds === null || nanoseconds === 0) return null;
  return nanoseconds % 1_000_000_000 === 0
    ? `${nanoseconds / 1_000_000_000}s`
    : `${nanoseconds / 1_000_000}ms`;
}

/** Returns lines for settings of the config that no history entry sets: kaniko, jib and others do not record them. */
export function missingLines(instructions: readonly Instruction[], config: ImageConfig): Line[] {
  const { runtime } = config;
  const recorded = new Set(instructions.map(({ keyword }) => keyword));
  const keys = (keyword: string): Set<string> =>
    new Set(
      instructions
        .filter((each) => each.keyword === keyword)
        .flatMap(({ text }) => keyValues(text.slice(keyword.length), new Map()).pairs.map(({ key }) => key)),
    );
  const lines: string[] = [];
  const add = (keyword: string, text: string | null): void => {
    if (!recorded.has(keyword) && text !== null) lines.push(text);
  };
  const labels = keys('LABEL');
  for (const [key, value] of Object.entries(runtime.labels)) {
    if (!labels.has(key) && !BUILDER_LABELS.test(key)) lines.push(`LABEL ${keyValueText({ key, value })}`);
  }
  const variables = keys('ENV');
  for (const each of runtime.env) {
    const [key, value] = [each.split('=', 1)[0]!, each.slice(each.indexOf('=') + 1)];
    if (!variables.has(key) && each !== DEFAULT_PATH) lines.push(`ENV ${keyValueText({ key, value })}`);
  }
  const directory = runtime.workingDir ?? '';
  add('WORKDIR', directory === '' || directory === '/' ? null : `WORKDIR ${directory}`);
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
  if (!recorded.has('ONBUILD')) lines.push(...runtime.onBuild.map((text) => `ONBUILD ${text}`));
  return lines.map((text) => ({ text, basis: 'inferred', note: FROM_CONFIG }));
}
