import type { Finding } from '../../finding/finding.ts';
import { type Completeness, shortfalls } from '../completeness.ts';
import { whereText } from '../finding-lines.ts';
import { xml } from './layers-svg.ts';
import { unescapeText } from '../../text/escape.ts';

/** One JUnit test case: passed, failed, or skipped with a reason. */
export interface JUnitCase {
  readonly name: string;
  readonly group: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

/** Converts findings to cases: a reported one fails, a suppressed one is skipped. */
export function findingCases(findings: readonly Finding[]): JUnitCase[] {
  return findings.map(({ suppressed, kind, rule, severity, title, where }) => ({
    name: `${title}: ${unescapeText(whereText(where))}`,
    group: `exhume.${kind}.${rule}`,
    result: suppressed === null ? 'failed' : 'skipped',
    message: suppressed ?? `${severity}`,
  }));
}

/** Returns cases for unread parts and wrong digests. They fail unless the user accepts an incomplete result. */
export function completenessCases(completeness: Completeness): JUnitCase[] {
  return shortfalls(completeness).map(({ id, layer, text }) => ({
    name: layer === null ? 'the image' : `layer ${layer}`,
    group: `exhume.${id}`,
    result: completeness.isAllowed ? 'skipped' : 'failed',
    message: text,
  }));
}

/** Formats cases as JUnit XML for CI servers (the schema of Jenkins' xunit plugin). */
export function* junitReport(name: string, cases: readonly JUnitCase[]): Generator<string> {
  const number = (result: JUnitCase['result']): number =>
    cases.filter((each) => each.result === result).length;
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield '<testsuites>';
  yield `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${number('failed')}" errors="0" skipped="${number('skipped')}">`;
  for (const { group, message, name: title, result } of cases) {
    const open = `    <testcase classname="${xml(group)}" name="${xml(title)}"`;
    if (result === 'passed') yield `${open}/>`;
    else if (result === 'skipped') yield `${open}><skipped message="${xml(message)}"/></testcase>`;
    else yield `${open}><failure message="${xml(message)}"/></testcase>`;
  }
  yield '  </testsuite>';
  yield '</testsuites>';
}
