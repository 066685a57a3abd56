import { identityRows, incompleteBanner, originText, revealedText, sharingText } from '../report-rows.ts';
import type { Report } from '../report.ts';
import { humanSize } from '../../text/size.ts';
import { findingsHtml, linesHtml, overviewHtml, rowsHtml } from './html-findings.ts';
import { HTML_STYLE } from './html-style.ts';
import { layersSvg, xml } from './layers-svg.ts';

/** The Content-Security-Policy of a report: no scripts, and nothing from other sites. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Formats a report as a self-contained, printable HTML file. Text from the image cannot become markup. */
export function* htmlReport(report: Report): Generator<string> {
  const { image, verdict } = report;
  const title = xml(image.names[0] ?? image.source);
  const revealed = revealedText(report);
  yield '<!doctype html>';
  yield '<html lang="en">';
  yield `<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">';
  yield `<title>${title}: image report</title><style>${HTML_STYLE}</style></head>`;
  yield `<body><header><h1>${title} <small>Report of ${xml(report.generated)}</small></h1>`;
  const [incomplete, ...parts] = incompleteBanner(report);
  if (incomplete !== undefined) {
    const list = parts.map((part) => `<li>${xml(part)}</li>`).join('');
    yield `<div class="incomplete" role="alert"><p><strong>${xml(incomplete)}</strong></p><ul>${list}</ul></div>`;
  }
  yield `<div class="verdict${verdict.clean ? ' clean' : ''}">${verdict.lines.map((line) => `<p>${xml(line)}</p>`).join('')}</div>${revealed === null ? '' : `<p class="revealed"><strong>${revealed}</strong></p>`}</header><main>`;
  yield `<section aria-labelledby="image"><h2 id="image">The image</h2>${rowsHtml(identityRows(report))}</section>`;
  yield* overviewHtml(report.findings.filter(({ suppressed }) => suppressed === null));
  yield '<section aria-labelledby="layers"><h2 id="layers">Layers</h2>';
  yield `<figure><div class="wide" role="region" aria-label="Picture of the layers" tabindex="0">${layersSvg(report)}</div><figcaption>The newest layer is at the top. The length of a bar shows the size of the layer; ⚠ shows its number of findings.<span class="key application"></span> application<span class="key base"></span> base image or unknown</figcaption></figure></section>`;
  yield* findingsHtml(report);
  yield* build(report);
  yield* sharingPart(report);
  yield* appendix(report);
  yield `</main><footer><p>Created by ${xml(report.tool)} at ${xml(report.generated)}. Review the commands, fill them in and run them yourself: exhume has run none of them.</p><p>${xml(report.fingerprints)}</p></footer></body></html>`;
}

function* build({ baseAdvice, dockerfile, fixes }: Report): Generator<string> {
  yield '<section aria-labelledby="build"><h2 id="build">The build</h2>';
  if (fixes.dockerfile.length > 0) {
    yield '<p>Instructions to change or add:</p><ul>';
    for (const { reason, text } of fixes.dockerfile)
      yield `<li><code>${xml(text)}</code>: ${xml(reason)}</li>`;
    yield '</ul>';
  }
  if (fixes.dockerignore.length > 0) {
    yield `<p>A draft of a <code>.dockerignore</code>; check it against the build context:</p>${linesHtml(fixes.dockerignore)}`;
  }
  if (fixes.diff.length > 0) {
    yield '<h3>Draft of the changed Dockerfile</h3><p>Derived from the findings and not tested. Fill in the parts in &lt;…&gt;.</p>';
    yield `<pre><code>${fixes.diff.map(diffLine).join('\n')}</code></pre>`;
  }
  if (baseAdvice.length > 0) {
    yield '<h3>Findings of the base image</h3><ul>';
    for (const line of baseAdvice) yield `<li>${xml(line)}</li>`;
    yield '</ul>';
  }
  yield `<h3>The Dockerfile, ${dockerfile.source === 'provenance' ? 'as the builder recorded it' : 'reconstructed from the history'}</h3>`;
  yield `${linesHtml(dockerfile.lines.map(({ text }) => text))}<ul>`;
  for (const note of dockerfile.notes) yield `<li>${xml(note)}</li>`;
  yield '</ul></section>';
}

function diffLine(line: string): string {
  if (/^(?:---|\+\+\+) /.test(line)) return xml(line);
  if (line.startsWith('+')) return `<ins>${xml(line)}</ins>`;
  return line.startsWith('-') ? `<del>${xml(line)}</del>` : xml(line);
}

function* sharingPart({ also }: Report): Generator<string> {
  if (also.length === 0) return;
  yield '<section aria-labelledby="also"><h2 id="also">Other images</h2><ul>';
  for (const image of also) {
    yield `<li>${xml(image.names[0] ?? image.source)} (<code>${xml(image.id)}</code>) ${sharingText(image)}</li>`;
  }
  yield '</ul></section>';
}

function* appendix({ findings, history, layers, log }: Report): Generator<string> {
  yield '<section aria-labelledby="appendix"><h2 id="appendix">Appendix</h2>';
  yield* table(
    'Layers in detail',
    ['Layer', 'Origin', 'Size', 'Added', 'Changed', 'Deleted', 'diffID and instruction'],
    layers.map(({ added, deleted, diffId, index, instruction, modified, origin, size }) => {
      const numbers = [size === null ? '-' : humanSize(size), added, modified, deleted];
      const cells = numbers.map((value) => `<td class="number">${value}</td>`).join('');
      return `<td class="number">${index}</td><td>${originText(origin)}</td>${cells}<td class="path"><code>${xml(diffId ?? '-')}</code><br><code>${xml(instruction)}</code></td>`;
    }),
  );
  yield* table(
    'Timeline of the build, according to the history',
    ['Created', 'Layer', 'Instruction'],
    history.map(
      ({ created, instruction, layer }) =>
        `<td class="short">${xml(created ?? 'not recorded')}</td><td class="number">${layer ?? '-'}</td><td class="path"><code>${xml(instruction)}</code></td>`,
    ),
  );
  yield* table(
    'Decisions',
    ['Finding', 'Verdict', 'Reason', 'Until', 'When and by whom'],
    findings.flatMap(({ decision, id, title }) =>
      decision === null
        ? []
        : [
            `<td>${xml(title)}<br><code>${xml(id)}</code></td><td>${decision.verdict}</td><td>${xml(decision.reason ?? '')}</td><td>${xml(decision.until ?? '')}</td><td>${xml([decision.at, decision.operator].filter((part) => part !== null).join(', '))}</td>`,
          ],
    ),
  );
  yield* table(
    'Case log',
    ['Time', 'Action', 'Details'],
    log.map(
      ({ action, at, detail }) =>
        `<td class="short"><time>${xml(at)}</time></td><td>${xml(action)}</td><td class="path">${xml(detail)}</td>`,
    ),
  );
  yield '</section>';
}

const NUMBERS: ReadonlySet<string> = new Set(['Layer', 'Size', 'Added', 'Changed', 'Deleted']);

/** Formats a table with its heading; nothing if it has no rows. A wide table scrolls, also by keyboard. */
function* table(title: string, heads: readonly string[], rows: readonly string[]): Generator<string> {
  if (rows.length === 0) return;
  const id = `t-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  const head = heads.map(
    (name) => `<th scope="col"${NUMBERS.has(name) ? ' class="number"' : ''}>${name}</th>`,
  );
  yield `<h3 id="${id}">${title}</h3><div class="wide" role="region" aria-labelledby="${id}" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>`;
  for (const row of rows) yield `<tr>${row}</tr>`;
  yield '</tbody></table></div>';
}
