import type { HistoryRecord, ImageConfig } from '../image/config.ts';
import { execForm, type Line, port } from './config-lines.ts';
import { goList, goSet } from './go-syntax.ts';
import { declaredArgs, type Instruction } from './instruction.ts';
import { keyValues, keyValueText } from './key-values.ts';
import type { HistoryProducer } from './producer.ts';

/** What earlier entries have set. */
export interface BuildState {
  /** The shell that a RUN in shell form is given to. */
  shell: string;
  readonly declared: Set<string>;
}

/** Characters of an instruction that is taken apart: no engine takes commands or variables as long. */
const LONGEST = 256 * 1024;
/** What builders write that have no Dockerfile. */
const TOOL = /^(?:jib[-:]|ko |apko\b|bazel\b|nix\b|Buildpacks|Layer: ')/i;
/**
 * A checksum in the place of a source: `file:…`, `dir:…`, `multi:…`, or several of them. Docker 20.10
 * leaves no space behind its options.
 */
const CHECKSUMS = /^((?:--\S+ )*(?:--\S+?)?)((?:(?:file|dir|multi):[0-9a-f]{12,64},? ?)+) ?in (.+)$/s;

/**
 * The lines that one history entry stands for: mostly one; more where a RUN tells of a SHELL or an ARG
 * that no entry sets.
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
  if (rest.length > LONGEST && keyword !== 'RUN') return [observed(text, 'too long to be taken apart')];
  switch (keyword) {
    case null:
      return [remark(record, instruction)];
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

/** What is no instruction stays a remark. */
function remark(record: HistoryRecord, { text, raw }: Instruction): Line {
  if (/^merge \S+ to \S+/.test(text))
    return observed(
      asRemark(text),
      'squashed: the layers of the instructions above are merged into this one',
    );
  if (raw.trim() === '') {
    const said = text === '' ? 'an entry that says nothing' : text;
    return observed(asRemark(said), 'the history entry names no command');
  }
  if (record.emptyLayer || raw.startsWith('#') || TOOL.test(raw)) {
    // These tools say in the comment what they put into the layer.
    const comment = TOOL.test(raw) ? (record.comment ?? '') : '';
    const said = comment === '' ? text : `${text}: ${comment}`;
    return observed(asRemark(said), 'no instruction of a Dockerfile');
  }
  return observed(
    asRemark(text),
    'no instruction: a container that ran this was committed, or it is a RUN in exec form',
  );
}

function asRemark(text: string): string {
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
    const guessed = argsAmbiguous ? ', where the value ends is a guess' : '';
    lines.push(inferred(`ARG ${keyValueText({ key: name, value })}`, `the next RUN was given it${guessed}`));
  }
  // buildah records the same shell whatever SHELL says.
  const recorded = producer === 'buildah' ? null : shell;
  if (recorded !== null && recorded !== state.shell) {
    state.shell = recorded;
    lines.push(inferred(`SHELL ${execForm(recorded.split(/ +/))}`, 'the next RUN was given to this shell'));
  }
  const given = args.map(({ name, value }) => keyValueText({ key: name, value })).join(' ');
  const guess = argsAmbiguous ? ' (where values end is a guess: they are recorded without quotes)' : '';
  const reason = given === '' ? null : `it ran with ${given}${guess}`;
  // The classic builder gives arguments to a RUN only: without a shell it is one in exec form, too.
  const exec = producer === 'buildkit' || (producer === 'classic' && raw.startsWith('|'));
  if (shell === null && exec) {
    const why = 'recorded without a shell, so in exec form; where its words end is a guess';
    lines.push(inferred(`RUN ${execForm(command.split(/ +/))}`, reason === null ? why : `${why}; ${reason}`));
  } else if (command.includes('\n')) {
    lines.push(inferred(heredoc(command), 'a script of several lines, so a here-document'));
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
      stage ? 'a --from is not recorded; a source from the root is often of another stage' : null,
    );
  }
  const names = sources
    .trim()
    .split(/,? +|,/)
    .map((source) => sourceName(source, to));
  const kinds = sources.trim();
  return inferred(
    `${keyword} ${flags === '' ? '' : `${flags.trimEnd()} `}${names.join(' ')} ${to}`,
    `the source is recorded as ${kinds}, not by its name`,
  );
}

/** A name for a source of which only the checksum is known: that of the target where it names a file. */
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
    // It names all arguments so far.
    const note = 'buildah records no defaults of arguments';
    return observed(fresh.length === 0 ? text : `ARG ${fresh.join(' ')}`, note);
  }
  const given =
    producer === 'buildkit' && text.includes('=')
      ? 'the value is the one that was built with; it may come from --build-arg'
      : null;
  const rest = text.slice('ARG'.length).trim();
  if (!/^\w+=[^"]*\s/.test(rest)) return observed(text, given);
  // A value with a space, or several arguments: both are recorded alike.
  const { pairs } = keyValues(rest, new Map());
  return inferred(
    `ARG ${pairs.map(keyValueText).join(' ')}`,
    'values are recorded without quotes: where they end is a guess',
  );
}

function pairsLine(keyword: string, rest: string, final: ReadonlyMap<string, string>): Line {
  const { pairs, certain } = keyValues(rest, final);
  const text = `${keyword} ${pairs.map(keyValueText).join(' ')}`;
  return certain
    ? observed(text)
    : inferred(text, 'values are recorded without quotes: where they end is a guess');
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
    : inferred(line, 'recorded without quotes: where words end is a guess');
}

/** A health check that a later one replaced: of Go's syntax only the command is plain. */
function healthLine(rest: string, text: string): Line {
  // buildah writes it as it stands in the Dockerfile.
  if (/^(?:NONE$|--[a-z]|CMD )/.test(rest)) return observed(text);
  const list = goList(firstList(rest));
  if (list === null || list.words.length < 2)
    return inferred(asRemark(text), 'not readable as a health check');
  const [kind, ...words] = list.words;
  const command = kind === 'CMD-SHELL' ? words.join(' ') : execForm(words);
  return inferred(
    `HEALTHCHECK CMD ${command}`,
    'a later entry replaced it; its times are recorded in a form of Go',
  );
}

/** The first list in Go's print of a structure: up to a bracket behind a quote, and a space or the end behind it. */
function firstList(text: string): string {
  const start = text.indexOf('[');
  for (let at = text.indexOf('"]', start); start >= 0 && at >= 0; at = text.indexOf('"]', at + 1)) {
    const next = text[at + 2];
    if (next === undefined || next === ' ' || next === '}') return text.slice(start, at + 2);
  }
  return '';
}
