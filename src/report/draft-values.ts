import { dockerfileWords, joinedLines } from '../history/dockerfile-words.ts';
import { masksIn } from '../secrets/mask/mask-text.ts';

/** What a drafted comment has in the place of a masked value. */
const PLACEHOLDER = '<SECRET>';

/** Numbers the secrets of a draft that have no name. */
export interface SecretIds {
  next: number;
}

/**
 * Drafts an instruction without the values that the report masks: a mask is no value, and what it stands for
 * must not come into the image again.
 * @param text of one instruction; may have several lines
 * @param secretNames variables, labels or arguments to drop whatever their value looks like
 * @returns lines: comments, then the instruction if anything of it is left; the same text if nothing is masked
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
    return ['# the name of the base holds a secret: put the name in place of this one', 'FROM base-image'];
  }
  return (keyword === 'RUN' ? withMount(text, ids) : null) ?? leftOut(text);
}

function withoutPairs(
  keyword: 'ENV' | 'LABEL' | 'ARG',
  text: string,
  secretNames: ReadonlySet<string>,
): readonly string[] {
  const words = dockerfileWords(joinedLines(text)).slice(1);
  // `ENV NAME value`: one variable, whose value is the rest of the line.
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
      return `# ${name} is given to the container when it starts: docker run --env-file <FILE>`;
    case 'LABEL':
      return `# the label ${name} is left out: its value is a secret`;
    case 'ARG':
      return `# ${name}: RUN --mount=type=secret,id=${name.toLowerCase()},env=${name} before the command that needs it`;
  }
}

/**
 * A command that spells a secret out reads it from a mount, which no layer and no history keeps.
 * @returns null if the command has no shell to read it, or if its quotes cannot be followed
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

/** Keeps an instruction for which there is no safe draft, as a comment. */
function leftOut(text: string): readonly string[] {
  return [
    '# left out, as it spells a secret out; write it again without the secret:',
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
