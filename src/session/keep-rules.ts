import { existsSync, readFileSync, statSync } from 'node:fs';
import { isSeq, parseDocument } from 'yaml';
import { type InputFile, outputTarget } from '../case/output-target.ts';
import { writeOutput } from '../case/write-output.ts';
import type { Decision } from '../finding/decision.ts';
import type { Finding } from '../finding/finding.ts';
import { Problem } from '../problem.ts';
import { type CaseException, caseExceptions } from '../report/case-rules.ts';
import { escapeText } from '../text/escape.ts';
import { parseUserConfig } from '../secrets/user-config.ts';

/**
 * Adds the false alarms of a case to a configuration file, as exceptions. What the file says stays, its
 * comments too; what it already excepts is not added again. Makes the file where there is none.
 * @param findings of the image: then a comment says what and where each one is
 * @param inputs files that must not be written
 * @returns a line that says what was done
 * @throws Problem `usage` where the file is no configuration; as {@link writeOutput} does
 */
export async function keepRules(
  file: string,
  decisions: Iterable<Decision>,
  findings: readonly Finding[],
  inputs: readonly InputFile[],
): Promise<string> {
  // A pipe is not read for what it holds: only a regular file keeps rules.
  const target = outputTarget(file, { replace: true, inputs });
  const isThere = target.kind === 'file' && existsSync(file);
  const before = isThere ? readText(file) : '';
  const { added, text } = withExceptions(before, file, caseExceptions(decisions, findings));
  const name = escapeText(file);
  if (added === 0) return `${name}: nothing new to keep`;
  // A team's own file, not a secret: the permissions that it has, else those of any new file.
  const mode = isThere ? statSync(file).mode & 0o777 : 0o644;
  await writeOutput(file, text, { replace: true, inputs, mode });
  return `${name}: ${added} ${added === 1 ? 'exception' : 'exceptions'} added`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new Problem('usage', `${file} cannot be read (${code})`, { file }, error);
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
  // An empty list written as `[]` would hold the new ones, and their comments, in one line.
  items.flow = false;
  return { text: document.toString({ lineWidth: 0 }), added: fresh.length };
}
