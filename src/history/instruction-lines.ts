import type { HistoryRecord, ImageConfig } from '../image/config.ts';
import { execForm, type Line, port } from './config-lines.ts';
import { goList, goSet } from './go-syntax.ts';
import { declaredArgs, type Instruction } from './instruction.ts';
import { keyValues, keyValueText } from './key-values.ts';
import type { HistoryProducer } from './producer.ts';

/** Settings made by earlier entries. */
export interface BuildState {
  /** The shell for a RUN in shell form. */
  shell: string;
  readonly declared: Set<string>;
}

/** Longer instructions, in characters, are not parsed: no engine accepts commands or variables as long. */
const MAX_LENGTH = 256 * 1024;
/** Entries of builders that do not use a Dockerfile. */
const TOOL = /^(?:jib[-:]|ko |apko\b|bazel\b|nix\b|Buildpacks|Layer: ')/i;
/**
 * Checksums in place of the sources: `file:…`, `dir:…`, `multi:…`. Docker 20.10 writes no space after
 * the options.
 */
const CHECKSUMS = /^((?:--\S+ )*(?:--\S+?)?)((?:(?:file|dir|multi):[0-9a-f]{12,64},? ?)+) ?in (.+)$/s;

/**
 * Returns the lines for one history entry: usually one, or more if a RUN implies a SHELL or an ARG that
 * no entry sets. Updates `state`.
 */
export function instructionLines(
  record: HistoryRecord,
  instruction: Instruction,
  producer: HistoryProducer,
  config: ImageConfig,
  state: BuildState,
): Line[] {
  const { keyword, text } = instruction;
  const rest = keyword === null ? '' : text.slice(keyword.length).trim();
  if (rest.length > MAX_LENGTH && keyword !== 'RUN') return [observed(text, 'too long to parse')];
  switch (keyword) {
    case null:
      return [comment(record, instruction)];
    case 'RUN':
      return runLines(instruction, rest, producer, state);
    case 'COPY':
    case 'ADD':
      return [copyLine(keyword, rest, text, producer)];
    case 'ARG':
      return [argLine(instruction, producer, state)];
    case 'ENV':
      return [pairsLine(keyword, rest, environment(config))];
    case 'LABEL':
      return [pairsLine(keyword, rest, new Map(Object.entries(config.runtime.labels)))];
    case 'SHELL': {
      const words = goList(rest)?.words ?? [];
      state.shell = words.join(' ');
      return [listLine(keyword, rest, text)];
    }
    case 'CMD':
    case 'ENTRYPOINT':
    case 'VOLUME':
      return [listLine(keyword, rest, text)];
    case 'EXPOSE': {
      const ports = goSet(rest);
      return [observed(ports === null ? text : `EXPOSE ${ports.map(port).join(' ')}`)];
    }
    case 'HEALTHCHECK':
      return [healthLine(rest, text)];
    default:
      return [observed(text)];
  }
}

function observed(text: string, reason: string | null = null): Line {
  return { text, basis: 'observed', note: reason };
}

function inferred(text: string, reason: string): Line {
  return { text, basis: 'inferred', note: reason };
}

/** Turns an entry that is not an instruction into a comment. */
function comment(record: HistoryRecord, { text, raw }: Instruction): Line {
  if (/^merge \S+ to \S+/.test(text))
    return observed(asComment(text), 'squashed: this layer merges the layers of the instructions above');
  if (raw.trim() === '') {
    const shown = text === '' ? 'an empty history entry' : text;
    return observed(asComment(shown), 'the history entry has no command');
  }
  if (record.emptyLayer || raw.startsWith('#') || TOOL.test(raw)) {
    // These tools describe the content of the layer in the comment.
    const described = TOOL.test(raw) ? (record.comment ?? '') : '';
    const shown = described === '' ? text : `${text}: ${described}`;
    return observed(asComment(shown), 'not a Dockerfile instruction');
  }
  return observed(
    asComment(text),
    'not an instruction: the command of a committed container, or a RUN in exec form',
  );
}

function asComment(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : `# ${line}`))
    .join('\n');
}

function runLines(
  { args, argsAmbiguous, raw, shell }: Instruction,
  command: string,
  producer: HistoryProducer,
  state: BuildState,
): Line[] {
  const lines: Line[] = [];
  for (const { name, value } of args) {
    if (state.declared.has(name)) continue;
    state.declared.add(name);
    const guessed = argsAmbiguous ? '; where the value ends is a guess' : '';
    lines.push(inferred(`ARG ${keyValueText({ key: name, value })}`, `used by the next RUN${guessed}`));
  }
  // buildah always records the same shell, whatever SHELL says.
  const recorded = producer === 'buildah' ? null : shell;
  if (recorded !== null && recorded !== state.shell) {
    state.shell = recorded;
    lines.push(inferred(`SHELL ${execForm(recorded.split(/ +/))}`, 'used by the next RUN'));
  }
  const given = args.map(({ name, value }) => keyValueText({ key: name, value })).join(' ');
  const guess = argsAmbiguous ? ' (where values end is a guess: they are recorded without quotes)' : '';
  const reason = given === '' ? null : `ran with ${given}${guess}`;
  // The classic builder records arguments only for RUN, so without a shell this is exec form, too.
  const exec = producer === 'buildkit' || (producer === 'classic' && raw.startsWith('|'));
  if (shell === null && exec) {
    const why = 'exec form, because no shell is recorded; where words end is a guess';
    lines.push(inferred(`RUN ${execForm(command.split(/ +/))}`, reason === null ? why : `${why}; ${reason}`));
  } else if (command.includes('\n')) {
    lines.push(
      inferred(heredoc(command), 'written as a here-document, because the script has several lines'),
    );
  } else {
    lines.push(observed(`RUN ${command}`, reason));
  }
  return lines;
}

function heredoc(script: string): string {
  let end = 'EOF';
  while (script.split('\n').includes(end)) end += '_';
  return `RUN <<${end}\n${script.replace(/\n$/, '')}\n${end}`;
}

function copyLine(keyword: string, rest: string, text: string, producer: HistoryProducer): Line {
  const [, flags = '', sources = '', to = ''] = CHECKSUMS.exec(rest) ?? [];
  if (sources === '') {
    const source = rest.replace(/^(?:--\S+ )*/, '');
    const stage = producer === 'buildkit' && source.startsWith('/');
    return observed(
      text,
      stage ? 'an absolute source is often from another stage; --from is not recorded' : null,
    );
  }
  const names = sources
    .trim()
    .split(/,? +|,/)
    .map((source) => sourceName(source, to));
  const kinds = sources.trim();
  return inferred(
    `${keyword} ${flags === '' ? '' : `${flags.trimEnd()} `}${names.join(' ')} ${to}`,
    `the history has the checksum ${kinds} instead of the source name`,
  );
}

/** Returns a name for a source of which only the checksum is recorded: the name of the target if that is a file. */
function sourceName(source: string, to: string): string {
  const [kind = '', hex = ''] = source.split(':');
  const name = to.slice(to.lastIndexOf('/') + 1);
  if (kind === 'file' && name !== '' && name !== '.' && name !== '..') return name;
  return `${kind}-${hex.slice(0, 12)}${kind === 'dir' ? '/' : ''}`;
}

function argLine(instruction: Instruction, producer: HistoryProducer, state: BuildState): Line {
  const { text } = instruction;
  const names = declaredArgs(instruction);
  const fresh = names.filter((name) => !state.declared.has(name));
  for (const name of names) state.declared.add(name);
  if (producer === 'buildah') {
    // buildah lists all arguments declared so far.
    const note = 'buildah does not record default values';
    return observed(fresh.length === 0 ? text : `ARG ${fresh.join(' ')}`, note);
  }
  const given =
    producer === 'buildkit' && text.includes('=')
      ? 'the value used in the build; it may come from --build-arg'
      : null;
  const rest = text.slice('ARG'.length).trim();
  if (!/^\w+=[^"]*\s/.test(rest)) return observed(text, given);
  // A value with a space and several arguments are recorded the same way.
  const { pairs } = keyValues(rest, new Map());
  return inferred(
    `ARG ${pairs.map(keyValueText).join(' ')}`,
    'where values end is a guess: they are recorded without quotes',
  );
}

function pairsLine(keyword: string, rest: string, final: ReadonlyMap<string, string>): Line {
  const { pairs, certain } = keyValues(rest, final);
  const text = `${keyword} ${pairs.map(keyValueText).join(' ')}`;
  return certain
    ? observed(text)
    : inferred(text, 'where values end is a guess: they are recorded without quotes');
}

function environment(config: ImageConfig): Map<string, string> {
  return new Map(
    config.runtime.env.map((each) => [each.split('=', 1)[0]!, each.slice(each.indexOf('=') + 1)]),
  );
}

function listLine(keyword: string, rest: string, text: string): Line {
  const list = goList(rest);
  if (list === null) return observed(text);
  const line = `${keyword} ${execForm(list.words)}`;
  return list.certain
    ? observed(line)
    : inferred(line, 'where words end is a guess: they are recorded without quotes');
}

/** Parses a health check that a later one replaced: from Go's format only the command can be recovered. */
function healthLine(rest: string, text: string): Line {
  // buildah records it as written in the Dockerfile.
  if (/^(?:NONE$|--[a-z]|CMD )/.test(rest)) return observed(text);
  const list = goList(firstList(rest));
  if (list === null || list.words.length < 2)
    return inferred(asComment(text), 'cannot be parsed as a health check');
  const [kind, ...words] = list.words;
  const command = kind === 'CMD-SHELL' ? words.join(' ') : execForm(words);
  return inferred(
    `HEALTHCHECK CMD ${command}`,
    'replaced by a later entry; its intervals and timeouts cannot be recovered',
  );
}

/** Returns the first list in a struct printed by Go. It ends at a `"]` that is followed by a space, a brace or the end. */
function firstList(text: string): string {
  const start = text.indexOf('[');
  for (let at = text.indexOf('"]', start); start >= 0 && at >= 0; at = text.indexOf('"]', at + 1)) {
    const next = text[at + 2];
    if (next === undefined || next === ' ' || next === '}') return text.slice(start, at + 2);
  }
  return '';
}
