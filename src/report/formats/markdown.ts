import { whereText } from '../finding-lines.ts';
import type { Report, ReportFinding } from '../report.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';

/**
 * A report as Markdown (CommonMark, with GitHub's tables). Text of the image cannot become markup.
 * @param report values are covered in it already
 */
export function* markdownReport(report: Report): Generator<string> {
  const { image } = report;
  yield `# ${plain(image.names[0] ?? image.source)}`;
  yield '';
  for (const line of report.verdict.lines) yield `- ${plain(line)}`;
  yield '';
  yield* identityPart(report);
  yield* findingsPart(report);
  yield* fixesPart(report);
  yield* sharingPart(report);
  yield* layersPart(report);
  yield* timelinePart(report);
  yield* logPart(report);
  yield plain(report.fingerprints);
  yield '';
  yield `Made by ${report.tool} at ${report.generated}. Commands are for a person to read and run; none was run.`;
}

function* identityPart({ base, image, reading }: Report): Generator<string> {
  yield '## The image';
  yield '';
  const rows: [string, string][] = [
    ['names', image.names.join(', ') || '(none)'],
    ['opened from', `${image.source} (${image.form})`],
    ['image ID', image.id],
    ['manifest', image.manifestDigest ?? 'not known'],
    ['platform', image.platform],
    ['created', image.created ?? 'not recorded'],
    ['size', `${humanSize(image.size)} in ${image.layers} layers`],
    ['digests', `${reading.digests.matching} of ${reading.digests.checked} recomputed and matching`],
    ['sha256 of the file opened', reading.inputBefore ?? 'no single file'],
  ];
  yield '| | |';
  yield '| --- | --- |';
  for (const [name, value] of rows) yield `| ${name} | ${plain(value)} |`;
  for (const { confidence, layers, method, name, reason } of base) {
    const what = [name ?? '', layers === null ? '' : `${layers} layers`]
      .filter((part) => part !== '')
      .join(', ');
    yield `| base, by ${method} (${confidence}) | ${plain(`${what}: ${reason}`)} |`;
  }
  for (const warning of reading.warnings) yield `| warning | ${plain(warning)} |`;
  yield '';
}

function* findingsPart(report: Report): Generator<string> {
  yield '## Findings, the most urgent first';
  yield '';
  const loud = report.findings.filter(({ demoted }) => demoted === null);
  if (loud.length === 0) yield 'None.';
  for (const [index, finding] of loud.entries()) yield* oneFinding(finding, index + 1);
  const demoted = report.findings.length - loud.length;
  if (demoted > 0) {
    yield `### Demoted: ${demoted}`;
    yield '';
    for (const { demoted: reason, title, where } of report.findings.filter((each) => each.demoted !== null)) {
      yield `- ${plain(title)}, ${code(whereText(where))}: ${plain(reason ?? '')}`;
    }
  }
  yield '';
}

function* oneFinding(finding: ReportFinding, number: number): Generator<string> {
  yield `### ${number}. ${plain(finding.title)} (${finding.severity})`;
  yield '';
  yield `- where: ${code(whereText(finding.where))}`;
  yield `- seen by: ${finding.audience === 'container' ? 'the running container, and whoever holds the image' : 'whoever holds the image; the running container does not see it'}`;
  if (finding.introducedBy !== null) yield `- since: ${code(escapeText(finding.introducedBy))}`;
  if (finding.removedBy !== null) yield `- removed or replaced by: ${code(escapeText(finding.removedBy))}`;
  yield `- sure: ${finding.confidence}${finding.reason === null ? '' : `, ${plain(finding.reason)}`}`;
  if (finding.redacted !== null)
    yield `- value: ${code(finding.redacted)}, fingerprint ${code(finding.fingerprint ?? '')}`;
  yield `- origin: ${finding.origin}`;
  for (const [name, value] of Object.entries(finding.details)) yield `- ${plain(name)}: ${plain(value)}`;
  for (const { state, where } of finding.occurrences.slice(1))
    yield `- also ${state}: ${code(whereText(where))}`;
  if (finding.decision !== null) {
    const { reason, until, verdict } = finding.decision;
    yield `- decided: ${verdict}${reason === null ? '' : `, ${plain(reason)}`}${until === null ? '' : `, until ${until}`}`;
  }
  yield `- id: ${code(finding.id)}`;
  yield '';
  for (const [at, { commands, phase, text }] of finding.steps.entries()) {
    yield `${at + 1}. **${phase}**: ${plain(text)}`;
    if (commands.length > 0) yield* block(commands, '   ');
  }
  if (finding.cites.length > 0) yield `\n   See: ${finding.cites.map(plain).join('; ')}`;
  yield '';
}

function* fixesPart({
  baseAdvice,
  dockerfile,
  fixes: { dockerfile: lines, dockerignore },
}: Report): Generator<string> {
  yield '## The build';
  yield '';
  if (lines.length > 0) {
    yield 'Instructions to change or to add:';
    yield '';
    for (const { reason, text } of lines) yield `- ${code(text)}: ${plain(reason)}`;
    yield '';
  }
  if (dockerignore.length > 0) {
    yield 'A draft of a `.dockerignore`; where the files lie in the build is not known:';
    yield '';
    yield* block(dockerignore, '');
    yield '';
  }
  if (baseAdvice.length > 0) {
    yield '### Problems of the base';
    yield '';
    for (const line of baseAdvice) yield `- ${plain(line)}`;
    yield '';
  }
  yield `### The Dockerfile, ${dockerfile.source === 'provenance' ? 'as the builder recorded it' : 'as far as it can be rebuilt'}`;
  yield '';
  yield* block(
    dockerfile.lines.map(({ text }) => text),
    '',
  );
  yield '';
  for (const note of dockerfile.notes) yield `- ${plain(note)}`;
  yield '';
}

function* sharingPart({ also }: Report): Generator<string> {
  if (also.length === 0) return;
  yield '## Other images';
  yield '';
  for (const { findings: shared, id, layers, names, source } of also) {
    const what =
      layers.length === 0
        ? 'shares no layer'
        : `shares layer ${layers.join(', ')}; ${shared.length} of the findings are in it too`;
    yield `- ${plain(names[0] ?? source)} (${code(id)}): ${what}`;
  }
  yield '';
}

function* layersPart(report: Report): Generator<string> {
  yield '## Layers';
  yield '';
  yield '| layer | origin | size | added | changed | deleted | diffID | instruction |';
  yield '| ---: | --- | ---: | ---: | ---: | ---: | --- | --- |';
  for (const { added, deleted, diffId, index, instruction, modified, origin, size } of report.layers) {
    const bytes = size === null ? '-' : humanSize(size);
    yield `| ${index} | ${origin} | ${bytes} | ${added} | ${modified} | ${deleted} | ${code(diffId ?? '-')} | ${code(escapeText(instruction))} |`;
  }
  yield '';
}

function* timelinePart({ history }: Report): Generator<string> {
  if (history.length === 0) return;
  yield '## Timeline of the build, as the history has it';
  yield '';
  yield '| created | layer | instruction |';
  yield '| --- | ---: | --- |';
  for (const { created, instruction, layer } of history) {
    yield `| ${plain(created ?? 'not recorded')} | ${layer ?? '-'} | ${code(escapeText(instruction))} |`;
  }
  yield '';
}

function* logPart({ log: lines }: Report): Generator<string> {
  if (lines.length === 0) return;
  yield '## What was done';
  yield '';
  for (const { action, at, detail } of lines) yield `- ${at} ${plain(action)}: ${plain(detail)}`;
  yield '';
}

/** Text that is text: what Markdown or HTML would act upon is written as a character reference or escaped. */
function plain(text: string): string {
  return escapeText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~-]/g, (sign) => `\\${sign}`);
}

/** Text as code. A table would end it at a pipe, wherever it stands. */
function code(escaped: string): string {
  const longest = Math.max(0, ...[...escaped.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = escaped === '' || escaped.startsWith('`') || escaped.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${escaped.replaceAll('|', '\\|')}${pad}${fence}`;
}

function* block(lines: readonly string[], indent: string): Generator<string> {
  const text = lines.map(escapeText);
  const longest = Math.max(
    2,
    ...text.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  yield '';
  yield `${indent}${fence}`;
  for (const line of text) yield `${indent}${line.replaceAll('\\\\', '\\')}`;
  yield `${indent}${fence}`;
}
