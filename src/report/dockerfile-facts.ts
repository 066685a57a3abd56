import type { HistoryAlignment } from '../history/align.ts';
import type { BaseEvidence } from '../history/base.ts';
import type { DockerfileLine } from '../history/dockerfile-line.ts';
import { entriesOfSource } from '../history/dockerfile-source.ts';
import type { RebuiltDockerfile } from '../history/dockerfile.ts';
import type { HistoryProducer } from '../history/producer.ts';
import type { Provenance } from '../history/provenance.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { escapeControls } from '../text/escape.ts';

/** The output of `exhume dockerfile --json`, without the image. */
export interface DockerfileFacts {
  /** `provenance`: the builder recorded the Dockerfile; `history`: it was reconstructed. */
  readonly source: 'provenance' | 'history';
  readonly producer: HistoryProducer;
  readonly base: readonly BaseEvidence[];
  readonly lines: readonly DockerfileLine[];
  readonly notes: readonly string[];
}

/**
 * Returns a Dockerfile for people, with every credential masked: the one that the builder recorded, else the
 * reconstructed one.
 */
export function dockerfileFacts(
  rebuilt: RebuiltDockerfile,
  base: readonly BaseEvidence[],
  provenance: Provenance | null,
  history: HistoryAlignment,
  masker: Masker,
): DockerfileFacts {
  const recorded = provenance?.dockerfile ?? null;
  const lines = recorded === null ? rebuilt.lines : recordedLines(recorded, history, masker);
  return {
    source: recorded === null ? 'history' : 'provenance',
    producer: rebuilt.producer,
    base,
    lines: lines.map((line) => ({
      ...line,
      text: masker.mask(line.text),
      note: line.note === null ? null : masker.mask(line.note),
    })),
    notes: recorded === null ? rebuilt.notes : ['recorded by the builder in the provenance of the image'],
  };
}

/** Returns the lines of a recorded Dockerfile. Masks the text as a whole, because a credential may span lines. */
function recordedLines(source: string, history: HistoryAlignment, masker: Masker): DockerfileLine[] {
  const plain = linesOf(source);
  const masked = linesOf(masker.mask(source));
  // Masking a credential that spans lines changes the line numbers.
  const entries = masked.length === plain.length ? entriesOfSource(plain, history) : [];
  return masked.map((text, index) => {
    const historyIndex = entries[index] ?? null;
    const layer = historyIndex === null ? null : (history.entries[historyIndex]?.layer ?? null);
    return { text, basis: 'observed', note: null, layer, historyIndex };
  });
}

function linesOf(source: string): string[] {
  const lines = source.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Formats a Dockerfile as text that a builder accepts. Comments above each line say how certain it is. */
export function* dockerfileText({ lines, notes, source }: DockerfileFacts): Generator<string> {
  const remarks = notes.map((note) => `# exhume: ${escapeControls(note)}`);
  // A recorded file may start with a parser directive, such as `# syntax=`, which must stay first.
  if (source === 'history') yield* remarks;
  for (const line of lines) {
    if (source === 'history') yield `# ${escapeControls(label(line))}`;
    for (const part of line.text.split('\n')) yield escapeControls(part);
  }
  if (source === 'provenance') yield* remarks;
}

function label({ basis, historyIndex, layer, note }: DockerfileLine): string {
  const places = [
    ...(layer === null ? [] : [`layer ${layer}`]),
    ...(historyIndex === null ? [] : [`history ${historyIndex}`]),
  ];
  const said = [basis, ...places].join(', ');
  return note === null ? said : `${said}: ${note}`;
}
