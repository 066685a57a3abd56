import { existsSync, readFileSync, statSync } from 'node:fs';
import { isSeq, parseDocument } from 'yaml';
import { type InputFile, outputTarget } from '../case/output-target.ts';
import { writeOutput } from '../case/write-output.ts';
import type { Decision } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import { Problem } from '../problem.ts';
import { type CaseException, caseExceptions } from '../report/case-rules.ts';
import { escapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import { parseUserConfig } from '../secrets/user-config.ts';

/**
 * Adds the false alarms of a case to a configuration file, as exceptions. Keeps the rest of the file, including
 * comments, and skips exceptions that it already has. Creates the file if it does not exist.
 * @param findings the findings of the image; comments then name each finding and its place
 * @param inputs files that must not be written
 * @returns a message for the user
 * @throws Problem `usage` if the file is not a valid configuration; as {@link writeOutput} does
 */
export async function keepRules(
  file: string,
  decisions: Iterable<Decision>,
  findings: readonly Finding[],
  inputs: readonly InputFile[],
): Promise<string> {
  // Read only a regular file: a pipe has no rules to keep.
  const target = outputTarget(file, { replace: true, inputs });
  const isThere = target.kind === 'file' && existsSync(file);
  const before = isThere ? readText(file) : '';
  const { added, text } = withExceptions(before, file, caseExceptions(decisions, findings));
  const name = escapeText(file);
  if (added === 0) return `${name}: no new exceptions`;
  // The configuration is not secret: keep its permissions, or use those of an ordinary new file.
  const mode = isThere ? statSync(file).mode & 0o777 : 0o644;
  await writeOutput(file, text, { replace: true, inputs, mode });
  return `${name}: ${quantity(added, 'exception')} added`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new Problem('usage', `cannot read ${file} (${code})`, { file }, error);
  }
}

function withExceptions(
  text: string,
  file: string,
  exceptions: readonly CaseException[],
): { readonly text: string; readonly added: number } {
  const { allow } = parseUserConfig(text, file);
  const known = new Set(allow.map(({ fingerprint }) => fingerprint));
  const fresh = exceptions.filter(({ fingerprint }) => !known.has(fingerprint));
  const document = parseDocument(text);
  const list = document.get('allow');
  const items = isSeq(list) ? list : document.createNode([]);
  if (items !== list) document.set('allow', items);
  for (const { comments, fingerprint, reason } of fresh) {
    const item = document.createNode({ fingerprint, reason });
    item.commentBefore = comments.map((comment) => ` ${comment}`).join('\n');
    items.add(item);
  }
  // A list written as `[]` would otherwise keep the flow style, with comments on the same line.
  items.flow = false;
  return { text: document.toString({ lineWidth: 0 }), added: fresh.length };
}
