import { findingRows, phaseText, placeText, type ReportRow } from '../report-rows.ts';
import type { Report, ReportFinding } from '../report.ts';
import { xml } from './layers-svg.ts';

/** Formats rows as a description list. */
export function rowsHtml(rows: readonly ReportRow[]): string {
  const items = rows.map(({ code, name, texts }) => {
    const shown = texts.map((text) => (code ? `<code>${xml(text)}</code>` : xml(text)));
    const value = shown.length === 1 ? shown[0]! : shown.map((text) => `<p>${text}</p>`).join('');
    return `<dt>${xml(name)}</dt><dd>${value}</dd>`;
  });
  return `<dl>${items.join('')}</dl>`;
}

/** Formats commands or lines of a file as a code block. */
export function linesHtml(lines: readonly string[]): string {
  return `<pre><code>${lines.map(xml).join('\n')}</code></pre>`;
}

/** Formats all findings as a table, each row linked to its details. */
export function* overviewHtml(findings: readonly ReportFinding[]): Generator<string> {
  if (findings.length === 0) return;
  yield '<section aria-labelledby="overview"><h2 id="overview">Overview of the findings</h2>';
  yield '<div class="wide" role="region" aria-label="Table of the findings" tabindex="0"><table><thead><tr>';
  for (const name of ['No.', 'Severity', 'What', 'Where', 'Visible in the container'])
    yield `<th scope="col">${name}</th>`;
  yield '</tr></thead><tbody>';
  for (const [index, finding] of findings.entries()) {
    const { audience, decision, severity, title, where } = finding;
    const decided = decision === null ? '' : ` (${xml(decision.verdict)})`;
    yield `<tr><td><a href="#f${index + 1}">${index + 1}</a></td><td>${badge(severity)}</td><td class="what">${xml(title)}${decided}</td><td class="path"><code>${xml(placeText(where))}</code></td><td>${audience === 'container' ? 'yes' : 'no'}</td></tr>`;
  }
  yield '</tbody></table></div></section>';
}

function badge(severity: ReportFinding['severity']): string {
  return `<span class="severity ${severity}">${severity}</span>`;
}

/** Formats the details of each reported finding, then the suppressed ones. */
export function* findingsHtml({ findings }: Report): Generator<string> {
  const reported = findings.filter(({ suppressed }) => suppressed === null);
  const suppressed = findings.filter((finding) => finding.suppressed !== null);
  yield '<section aria-labelledby="findings"><h2 id="findings">Findings, most urgent first</h2>';
  if (reported.length === 0) yield '<p>None.</p>';
  for (const [index, finding] of reported.entries()) yield* oneFinding(finding, index + 1);
  if (suppressed.length > 0) {
    yield `<h3>Suppressed findings: ${suppressed.length}</h3><ul>`;
    for (const { suppressed: reason, title, where } of suppressed) {
      yield `<li>${xml(title)}, <code>${xml(placeText(where))}</code>: ${xml(reason ?? '')}</li>`;
    }
    yield '</ul>';
  }
  yield '</section>';
}

function* oneFinding(finding: ReportFinding, number: number): Generator<string> {
  const { cites, severity, steps, title } = finding;
  yield `<article aria-labelledby="f${number}"><h3 id="f${number}">${number}. ${xml(title)} ${badge(severity)}</h3>`;
  yield rowsHtml(findingRows(finding));
  if (steps.length > 0) {
    yield '<h4>What to do, in order</h4><ol class="steps">';
    for (const { commands, phase, text } of steps) {
      const shown = commands.length === 0 ? '' : linesHtml(commands);
      yield `<li><strong>${phaseText(phase)}.</strong> ${xml(text)}${shown}</li>`;
    }
    yield '</ol>';
  }
  if (cites.length > 0) yield `<p class="cites">See: ${xml(cites.join('; '))}</p>`;
  yield '</article>';
}
