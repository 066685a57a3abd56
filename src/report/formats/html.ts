import { whereText } from '../finding-lines.ts';
import type { Report, ReportFinding } from '../report.ts';
import { unescapeText } from '../../text/escape.ts';
import { humanSize } from '../../text/size.ts';
import { layersSvg, xml } from './layers-svg.ts';

/** No script, nothing from elsewhere: a browser is told so too. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --line: #c9c9d1; --soft: #f4f4f7; --base: #6b7280; --own: #1d4ed8; --alarm: #a11212; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ee; --paper: #16161a; --line: #45454f; --soft: #222228; --base: #9aa2b1; --own: #8ab4ff; --alarm: #ff8f8f; } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { overflow-wrap: anywhere; } h2 { border-bottom: 1px solid var(--line); margin-top: 2rem; }
code, pre { font: 0.9em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; } pre { background: var(--soft); padding: 0.6rem; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
td.number { text-align: right; white-space: nowrap; } article { border: 1px solid var(--line); padding: 0 1rem; margin: 1rem 0; break-inside: avoid-page; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; } dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
.critical, .high { color: var(--alarm); } svg { width: 100%; height: auto; font: 12px ui-monospace, monospace; } svg text { fill: var(--ink); } rect.base, rect.unknown { fill: var(--base); } rect.application { fill: var(--own); } .sign { font-weight: 700; }
@media print { body { max-width: none; padding: 0; } a { color: inherit; } }
`;

/** A report as one HTML file that needs nothing else, and prints. Text of the image cannot become markup. */
export function* htmlReport(report: Report): Generator<string> {
  const { image } = report;
  const title = xml(image.names[0] ?? image.source);
  yield '<!doctype html>';
  yield '<html lang="en">';
  yield `<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">';
  yield `<title>${title}: what the image still carries</title><style>${STYLE}</style></head>`;
  yield `<body><header><h1>${title}</h1><ul>`;
  for (const line of report.verdict.lines) yield `<li>${xml(line)}</li>`;
  yield '</ul></header><main>';
  yield* identityPart(report);
  yield `<section aria-labelledby="layers"><h2 id="layers">Layers</h2><figure>${layersSvg(report)}<figcaption>As long as a bar is, as large is the layer; ⚠ counts the findings in it.</figcaption></figure></section>`;
  yield* findingsPart(report);
  yield* build(report);
  yield* sharingPart(report);
  yield* appendix(report);
  yield `</main><footer><p>Made by ${xml(report.tool)} at ${xml(report.generated)}. Commands are for a person to read and run; none was run.</p><p>${xml(report.fingerprints)}</p></footer></body></html>`;
}

function* identityPart({ base, image, reading }: Report): Generator<string> {
  yield '<section aria-labelledby="image"><h2 id="image">The image</h2><dl>';
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
    ...base.map(({ confidence, layers, method, name, reason }): [string, string] => [
      `base, by ${method} (${confidence})`,
      [name, layers === null ? null : `${layers} layers`, reason].filter((part) => part !== null).join(', '),
    ]),
    ...reading.warnings.map((warning): [string, string] => ['warning', warning]),
  ];
  for (const [name, value] of rows) yield `<dt>${xml(name)}</dt><dd>${xml(value)}</dd>`;
  yield '</dl></section>';
}

function* findingsPart(report: Report): Generator<string> {
  const loud = report.findings.filter(({ demoted }) => demoted === null);
  const demoted = report.findings.filter((finding) => finding.demoted !== null);
  yield '<section aria-labelledby="findings"><h2 id="findings">Findings, the most urgent first</h2>';
  if (loud.length === 0) yield '<p>None.</p>';
  for (const [index, finding] of loud.entries()) yield* oneFinding(finding, index + 1);
  if (demoted.length > 0) {
    yield `<h3>Demoted: ${demoted.length}</h3><ul>`;
    for (const { demoted: reason, title, where } of demoted) {
      yield `<li>${xml(title)}, <code>${place(where)}</code>: ${xml(reason ?? '')}</li>`;
    }
    yield '</ul>';
  }
  yield '</section>';
}

function* oneFinding(finding: ReportFinding, number: number): Generator<string> {
  const { audience, cites, confidence, decision, details, id, occurrences, origin, reason, severity, steps } =
    finding;
  yield `<article aria-labelledby="f${number}"><h3 id="f${number}">${number}. ${xml(finding.title)} <span class="${severity}">(${severity})</span></h3><dl>`;
  const row = (name: string, html: string): string => `<dt>${xml(name)}</dt><dd>${html}</dd>`;
  const code = (text: string): string => `<code>${xml(text)}</code>`;
  yield row('where', `<code>${place(finding.where)}</code>`);
  yield row(
    'seen by',
    audience === 'container'
      ? 'the running container, and whoever holds the image'
      : 'whoever holds the image; the running container does not see it',
  );
  if (finding.introducedBy !== null) yield row('since', code(finding.introducedBy));
  if (finding.removedBy !== null) yield row('removed or replaced by', code(finding.removedBy));
  yield row('sure', `${confidence}${reason === null ? '' : `, ${xml(reason)}`}`);
  if (finding.redacted !== null) {
    yield row('value', `${code(finding.redacted)}, fingerprint ${code(finding.fingerprint ?? '')}`);
  }
  yield row('origin', origin);
  for (const [name, value] of Object.entries(details)) yield row(name, xml(value));
  for (const { state, where } of occurrences.slice(1))
    yield row(`also ${state}`, `<code>${place(where)}</code>`);
  if (decision !== null) {
    const parts = [
      decision.verdict,
      decision.reason,
      decision.until === null ? null : `until ${decision.until}`,
    ];
    yield row('decided', xml(parts.filter((part) => part !== null).join(', ')));
  }
  yield row('id', code(id));
  yield '</dl><ol>';
  for (const { commands, phase, text } of steps) {
    const shown =
      commands.length === 0 ? '' : `<pre tabindex="0"><code>${commands.map(xml).join('\n')}</code></pre>`;
    yield `<li><strong>${phase}</strong>: ${xml(text)}${shown}</li>`;
  }
  yield '</ol>';
  if (cites.length > 0) yield `<p>See: ${xml(cites.join('; '))}</p>`;
  yield '</article>';
}

function* build({ baseAdvice, dockerfile, fixes }: Report): Generator<string> {
  yield '<section aria-labelledby="build"><h2 id="build">The build</h2>';
  if (fixes.dockerfile.length > 0) {
    yield '<p>Instructions to change or to add:</p><ul>';
    for (const { reason, text } of fixes.dockerfile)
      yield `<li><code>${xml(text)}</code>: ${xml(reason)}</li>`;
    yield '</ul>';
  }
  if (fixes.dockerignore.length > 0) {
    yield `<p>A draft of a <code>.dockerignore</code>; where the files lie in the build is not known:</p><pre tabindex="0"><code>${fixes.dockerignore.map(xml).join('\n')}</code></pre>`;
  }
  if (baseAdvice.length > 0) {
    yield '<h3>Problems of the base</h3><ul>';
    for (const line of baseAdvice) yield `<li>${xml(line)}</li>`;
    yield '</ul>';
  }
  yield `<h3>The Dockerfile, ${dockerfile.source === 'provenance' ? 'as the builder recorded it' : 'as far as it can be rebuilt'}</h3>`;
  yield `<pre tabindex="0"><code>${dockerfile.lines.map(({ text }) => xml(text)).join('\n')}</code></pre><ul>`;
  for (const note of dockerfile.notes) yield `<li>${xml(note)}</li>`;
  yield '</ul></section>';
}

function* sharingPart({ also }: Report): Generator<string> {
  if (also.length === 0) return;
  yield '<section aria-labelledby="also"><h2 id="also">Other images</h2><ul>';
  for (const { findings: shared, id, layers, names, source } of also) {
    const what =
      layers.length === 0
        ? 'shares no layer'
        : `shares layer ${layers.join(', ')}; ${shared.length} of the findings are in it too`;
    yield `<li>${xml(names[0] ?? source)} (<code>${xml(id)}</code>): ${what}</li>`;
  }
  yield '</ul></section>';
}

function* appendix({ history, layers, log }: Report): Generator<string> {
  yield '<section aria-labelledby="appendix"><h2 id="appendix">Appendix</h2><h3>Layers</h3><table><thead><tr>';
  for (const name of ['layer', 'origin', 'size', 'added', 'changed', 'deleted', 'diffID', 'instruction']) {
    yield `<th scope="col">${name}</th>`;
  }
  yield '</tr></thead><tbody>';
  for (const { added, deleted, diffId, index, instruction, modified, origin, size } of layers) {
    const numbers = [size === null ? '-' : humanSize(size), added, modified, deleted];
    const cells = numbers.map((value) => `<td class="number">${value}</td>`).join('');
    yield `<tr><td class="number">${index}</td><td>${origin}</td>${cells}<td><code>${xml(diffId ?? '-')}</code></td><td><code>${xml(instruction)}</code></td></tr>`;
  }
  yield '</tbody></table><h3>Timeline of the build, as the history has it</h3><ol>';
  for (const { created, instruction, layer } of history) {
    const made = layer === null ? '' : ` (layer ${layer})`;
    yield `<li>${xml(created ?? 'not recorded')}${made}: <code>${xml(instruction)}</code></li>`;
  }
  yield '</ol>';
  if (log.length > 0) {
    yield '<h3>What was done</h3><ol>';
    for (const { action, at, detail } of log)
      yield `<li><time>${xml(at)}</time> ${xml(action)}: ${xml(detail)}</li>`;
    yield '</ol>';
  }
  yield '</section>';
}

/** The text is escaped when it comes, and must not be twice. */
function place(where: Parameters<typeof whereText>[0]): string {
  return xml(unescapeText(whereText(where)));
}
