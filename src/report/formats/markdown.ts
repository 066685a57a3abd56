import {
  findingRows,
  identityRows,
  incompleteBanner,
  originText,
  phaseText,
  placeText,
  revealedText,
  sharingText,
} from '../report-rows.ts';
import type { Report, ReportFinding } from '../report.ts';
import { escapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';

/**
 * Formats a report as Markdown (CommonMark with GitHub's tables). Text from the image cannot become markup.
 * @param report the report; its values are already masked
 */
export function* markdownReport(report: Report): Generator<string> {
  const { image } = report;
  yield `# ${plain(image.names[0] ?? image.source)}: image report`;
  yield '';
  const [incomplete, ...parts] = incompleteBanner(report);
  if (incomplete !== undefined) {
    yield `**${plain(incomplete)}**`;
    yield '';
    for (const part of parts) yield `- ${plain(part)}`;
    yield '';
  }
  for (const line of report.verdict.lines) yield `- ${plain(line)}`;
  yield '';
  const revealed = revealedText(report);
  if (revealed !== null) yield `**${revealed}**\n`;
  yield* identityPart(report);
  yield* overviewPart(report.findings.filter(({ suppressed }) => suppressed === null));
  yield* findingsPart(report);
  yield* fixesPart(report);
  yield* sharingPart(report);
  yield '## Appendix';
  yield '';
  yield* layersPart(report);
  yield* timelinePart(report);
  yield* decisionsPart(report);
  yield* logPart(report);
  yield plain(report.fingerprints);
  yield '';
  yield `Created by ${report.tool} at ${report.generated}. Review the commands, fill them in and run them yourself: exhume has run none of them.`;
}

function* identityPart(report: Report): Generator<string> {
  yield '## The image';
  yield '';
  yield* table(
    ['', ''],
    identityRows(report).map(({ code: coded, name, texts }) => [
      name,
      texts.map((text) => (coded ? code(text) : plain(text))).join('<br>'),
    ]),
  );
}

function* overviewPart(findings: readonly ReportFinding[]): Generator<string> {
  if (findings.length === 0) return;
  yield '## Overview of the findings';
  yield '';
  yield* table(
    ['No.', 'Severity', 'What', 'Where', 'Visible in the container'],
    findings.map(({ audience, decision, severity, title, where }, index) => [
      `${index + 1}`,
      severity,
      `${plain(title)}${decision === null ? '' : ` (${decision.verdict})`}`,
      code(placeText(where)),
      audience === 'container' ? 'yes' : 'no',
    ]),
  );
}

/** Formats a table of GitHub's Markdown. The cells must be escaped already. */
function* table(heads: readonly string[], rows: readonly (readonly string[])[]): Generator<string> {
  yield `| ${heads.join(' | ')} |`;
  yield `| ${heads.map(() => '---').join(' | ')} |`;
  for (const row of rows) yield `| ${row.join(' | ')} |`;
  yield '';
}

function* findingsPart(report: Report): Generator<string> {
  yield '## Findings, most urgent first';
  yield '';
  const reported = report.findings.filter(({ suppressed }) => suppressed === null);
  if (reported.length === 0) yield 'None.';
  for (const [index, finding] of reported.entries()) yield* oneFinding(finding, index + 1);
  const suppressed = report.findings.length - reported.length;
  if (suppressed > 0) {
    yield `### Suppressed findings: ${suppressed}`;
    yield '';
    for (const { suppressed: reason, title, where } of report.findings.filter(
      (each) => each.suppressed !== null,
    )) {
      yield `- ${plain(title)}, ${code(placeText(where))}: ${plain(reason ?? '')}`;
    }
  }
  yield '';
}

function* oneFinding(finding: ReportFinding, number: number): Generator<string> {
  yield `### ${number}. ${plain(finding.title)} (${finding.severity})`;
  yield '';
  for (const { code: coded, name, texts } of findingRows(finding)) {
    const shown = texts.map((text) => (coded ? code(text) : plain(text)));
    yield `- ${plain(name)}: ${shown.join(', ')}`;
  }
  yield '';
  if (finding.steps.length > 0) yield 'What to do, in order:\n';
  for (const [at, { commands, phase, text }] of finding.steps.entries()) {
    yield `${at + 1}. **${phaseText(phase)}.** ${plain(text)}`;
    if (commands.length > 0) yield* block(commands, '   ');
  }
  if (finding.cites.length > 0) yield `\nSee: ${finding.cites.map(plain).join('; ')}`;
  yield '';
}

function* fixesPart({
  baseAdvice,
  dockerfile,
  fixes: { diff, dockerfile: lines, dockerignore },
}: Report): Generator<string> {
  yield '## The build';
  yield '';
  if (lines.length > 0) {
    yield 'Instructions to change or add:';
    yield '';
    for (const { reason, text } of lines) yield `- ${code(text)}: ${plain(reason)}`;
    yield '';
  }
  if (dockerignore.length > 0) {
    yield 'A draft of a `.dockerignore`; check it against the build context:';
    yield* block(dockerignore, '');
    yield '';
  }
  if (diff.length > 0) {
    yield '### Draft of the changed Dockerfile';
    yield '';
    yield 'Derived from the findings and not tested. Fill in the parts in `<…>`.';
    yield* block(diff, '', 'diff');
    yield '';
  }
  if (baseAdvice.length > 0) {
    yield '### Findings of the base image';
    yield '';
    for (const line of baseAdvice) yield `- ${plain(line)}`;
    yield '';
  }
  yield `### The Dockerfile, ${dockerfile.source === 'provenance' ? 'as the builder recorded it' : 'reconstructed from the history'}`;
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
  for (const image of also) {
    yield `- ${plain(image.names[0] ?? image.source)} (${code(image.id)}) ${sharingText(image)}`;
  }
  yield '';
}

function* layersPart({ layers }: Report): Generator<string> {
  yield '### Layers';
  yield '';
  yield* table(
    ['Layer', 'Origin', 'Size', 'Added', 'Changed', 'Deleted', 'diffID', 'Instruction'],
    layers.map(({ added, deleted, diffId, index, instruction, modified, origin, size }) => [
      ...[index, originText(origin), size === null ? '-' : humanSize(size), added, modified, deleted].map(
        String,
      ),
      code(diffId ?? '-'),
      code(instruction),
    ]),
  );
}

function* timelinePart({ history }: Report): Generator<string> {
  if (history.length === 0) return;
  yield '### Timeline of the build, according to the history';
  yield '';
  yield* table(
    ['Created', 'Layer', 'Instruction'],
    history.map(({ created, instruction, layer }) => [
      plain(created ?? 'not recorded'),
      `${layer ?? '-'}`,
      code(instruction),
    ]),
  );
}

function* decisionsPart({ findings }: Report): Generator<string> {
  const decided = findings.flatMap(({ decision, id, title }) =>
    decision === null
      ? []
      : [
          [
            `${plain(title)} ${code(id)}`,
            decision.verdict,
            plain(decision.reason ?? ''),
            plain(decision.until ?? ''),
            plain([decision.at, decision.operator].filter((part) => part !== null).join(', ')),
          ],
        ],
  );
  if (decided.length === 0) return;
  yield '### Decisions';
  yield '';
  yield* table(['Finding', 'Verdict', 'Reason', 'Until', 'When and by whom'], decided);
}

function* logPart({ log: lines }: Report): Generator<string> {
  if (lines.length === 0) return;
  yield '### Case log';
  yield '';
  for (const { action, at, detail } of lines) yield `- ${at} ${plain(action)}: ${plain(detail)}`;
  yield '';
}

/** Escapes text so that Markdown, GitHub's extensions and HTML show it as it is. */
function plain(text: string): string {
  return (
    escapeText(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_[\]!|~]|^[-+#=]|(?<=^\d{1,9})[.)](?=\s|$)/g, (sign) => `\\${sign}`)
      // GitHub links everything that looks like an address, unless it is broken up.
      .replaceAll('://', ':&#47;/')
      .replaceAll(/(?<=www)\.|@/gi, (sign) => `&#${sign.charCodeAt(0)};`)
  );
}

/** Formats text as code. Escapes pipes too: in a table, a pipe ends the cell even inside code. */
function code(text: string): string {
  const escaped = escapeText(text);
  const longest = Math.max(0, ...[...escaped.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = escaped === '' || escaped.startsWith('`') || escaped.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${escaped.replaceAll('|', '\\|')}${pad}${fence}`;
}

function* block(lines: readonly string[], indent: string, language = ''): Generator<string> {
  const text = lines.map(escapeText);
  const longest = Math.max(
    2,
    ...text.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  yield '';
  yield `${indent}${fence}${language}`;
  for (const line of text) yield `${indent}${line.replaceAll('\\\\', '\\')}`;
  yield `${indent}${fence}`;
}
