import { dockerfileWords, joinedLines } from '../history/dockerfile-words.ts';
import { masksIn } from '../secrets/mask/mask-text.ts';

/** Replaces a masked value in a drafted comment. */
const PLACEHOLDER = '<SECRET>';

/** The counter for secrets of a draft that have no name. */
export interface SecretIds {
  next: number;
}

/**
 * Drafts an instruction without masked values: a mask is not valid input, and the secret must not get into the
 * image again.
 * @param text the text of one instruction, which may have several lines
 * @param secretNames variables, labels and arguments to drop whatever their value
 * @returns comments, then the rest of the instruction, if any; the unchanged lines if nothing is masked
 */
export function withoutMasks(
  text: string,
  secretNames: ReadonlySet<string>,
  ids: SecretIds,
): readonly string[] {
  const keyword = /^\s*([A-Za-z]+)(?=\s|$)/.exec(text)?.[1]?.toUpperCase() ?? '';
  if (keyword === 'ENV' || keyword === 'LABEL' || keyword === 'ARG') {
    return withoutPairs(keyword, text, secretNames);
  }
  if (masksIn(text).length === 0) return text.split('\n');
  if (text.trimStart().startsWith('#')) return filledIn(text).split('\n');
  if (keyword === 'FROM') {
    return [
      '# the name of the base image contains a secret: replace base-image with the real name',
      'FROM base-image',
    ];
  }
  return (keyword === 'RUN' ? withMount(text, ids) : null) ?? leftOut(text);
}

function withoutPairs(
  keyword: 'ENV' | 'LABEL' | 'ARG',
  text: string,
  secretNames: ReadonlySet<string>,
): readonly string[] {
  const words = dockerfileWords(joinedLines(text)).slice(1);
  // In `ENV NAME value`, the value is the rest of the line.
  const pairs = keyword !== 'ARG' && words[0]?.includes('=') === false ? [words.join(' ')] : words;
  const isSecret = (pair: string): boolean => masksIn(pair).length > 0 || secretNames.has(nameOf(pair));
  const dropped = pairs.filter(isSecret);
  if (dropped.length === 0) return text.split('\n');
  const kept = pairs.filter((pair) => !isSecret(pair));
  return [
    ...dropped.map((pair) => remarkOf(keyword, nameOf(pair))),
    ...(kept.length === 0 ? [] : [`${keyword} ${kept.join(' ')}`]),
  ];
}

function nameOf(pair: string): string {
  const name = /^("(?:[^"\\]|\\.)*"|[^\s=]+)/.exec(pair)?.[1] ?? pair;
  return filledIn(name.replace(/^"(.*)"$/s, '$1').replaceAll(/\s+/g, ' '));
}

function remarkOf(keyword: 'ENV' | 'LABEL' | 'ARG', name: string): string {
  switch (keyword) {
    case 'ENV':
      return `# pass ${name} when the container starts: docker run --env-file <FILE>`;
    case 'LABEL':
      return `# the label ${name} is left out: its value is a secret`;
    case 'ARG':
      return `# ${name}: use RUN --mount=type=secret,id=${name.toLowerCase()},env=${name} for the command that needs it`;
  }
}

/**
 * Rewrites a RUN that contains a secret so that it reads the secret from a mount, which leaves nothing in the layers
 * or the history.
 * @returns null if the command runs without a shell, or if its quotes cannot be parsed
 */
function withMount(text: string, ids: SecretIds): readonly string[] | null {
  const start = /^\s*RUN\s+/i.exec(text)![0].length;
  const command = text.slice(start);
  if (/^(?:--\S+\s+)*\[/.test(command)) return null;
  const names: string[] = [];
  let quote = '';
  let out = '';
  let at = 0;
  const copyTo = (end: number): void => {
    for (; at < end; at++) {
      const char = command[at]!;
      out += char;
      if (char === '\\' && quote !== "'" && at + 1 < end) out += command[++at]!;
      else if (char === quote) quote = '';
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
    }
  };
  for (const mask of masksIn(command)) {
    copyTo(mask.start);
    const named = /([A-Za-z_]\w{0,60})=["']?$/.exec(command.slice(0, mask.start))?.[1];
    const id = named?.toLowerCase() ?? `secret-${ids.next++}`;
    if (!names.includes(id)) names.push(id);
    const read = `$(cat /run/secrets/${id})`;
    out += quote === '"' ? read : quote === "'" ? `'"${read}"'` : `"${read}"`;
    at = mask.end;
  }
  copyTo(command.length);
  if (quote !== '') return null;
  const mounts = names.map((id) => `--mount=type=secret,id=${id} `).join('');
  return [
    ...names.map((id) => `# reads a secret: docker build --secret id=${id},src=<FILE> .`),
    ...`RUN ${mounts}${out}`.split('\n'),
  ];
}

/** Turns an instruction that has no safe draft into a comment. */
function leftOut(text: string): readonly string[] {
  return [
    '# left out because it contains a secret; rewrite it without the secret:',
    ...filledIn(text)
      .split('\n')
      .map((line) => `# ${line}`),
  ];
}

function filledIn(text: string): string {
  let out = '';
  let at = 0;
  for (const { start, end } of masksIn(text)) {
    out += text.slice(at, start) + PLACEHOLDER;
    at = end;
  }
  return out + text.slice(at);
}
