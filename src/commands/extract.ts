import {
  EVIDENCE_FILE,
  type EvidenceRecord,
  extractEvidence,
  missingItems,
  writtenCount,
} from '../case/evidence.ts';
import { changeCase, readCaseAbout } from '../case/case-file.ts';
import { instructionOfLayer } from '../history/align.ts';
import { eventsBelow } from '../ledger/events-below.ts';
import { Problem } from '../problem.ts';
import { escapeText } from '../text/escape.ts';
import { quantity } from '../text/quantity.ts';
import { humanSize } from '../text/size.ts';
import { lineFacts } from '../session/line-facts.ts';
import { caseOption } from '../session/case-path.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { findPath } from './find-path.ts';
import { hashInput } from '../session/hash-input.ts';
import { parseLayer } from './ls.ts';
import { openForCommand } from './open-for-command.ts';
import { notice, writeJson, writeLines } from './output.ts';
import { VERSION } from '../session/version.ts';

export interface ExtractOptions extends CommonOptions {
  readonly output: string;
  readonly layer?: string;
  readonly case?: string;
  readonly operator?: string;
}

/**
 * `exhume extract IMAGE PATH… -o DIR`: extracts files, also deleted ones, with an evidence record.
 * @returns the exit status: 4 if a file is missing or incomplete
 * @throws Problem as {@link extractEvidence} does, and `no-such-path`
 */
export async function extract(
  name: string,
  wanted: readonly string[],
  options: ExtractOptions,
  context: CommandContext,
): Promise<0 | 4> {
  const started = new Date().toISOString();
  const opened = await openForCommand(name, options, context);
  const { stacked } = opened;
  const file = options.case === undefined ? null : caseOption(options.case, stacked.image.id, context.env);
  // Check the case before anything is written.
  if (file !== null) readCaseAbout(file, stacked.image.id);
  const layer = options.layer === undefined ? null : parseLayer(options.layer, stacked.image.layers.length);
  const events = [
    ...new Set(wanted.flatMap((path) => eventsBelow(stacked.ledger, findPath(stacked, path), layer))),
  ];
  if (events.length === 0) {
    throw new Problem('no-such-path', `layer ${layer} has no entry at ${wanted.join(', ')}`);
  }
  const record = await extractEvidence(
    stacked,
    events,
    options.output,
    {
      tool: `exhume ${VERSION}`,
      started,
      inputBefore: hashInput(name),
      inputAfter: () => hashInput(name),
      instruction: (index) => opened.masker.mask(instructionOfLayer(opened.history, index)),
    },
    context.signal,
  );
  if (file !== null) {
    const did = { action: 'extracted', folder: options.output, files: writtenCount(record) } as const;
    changeCase(file, lineFacts(options.operator, context.env), () => did, opened.masker);
  }
  if (record.inputBefore !== record.inputAfter) {
    notice(context, false, `warning: ${name} changed while it was being read`);
  }
  if (options.json) await writeJson(context.stdout, { ...record });
  else await writeLines(context.stdout, itemLines(record, options.output));
  const missing = missingItems(record);
  const [first] = missing;
  if (first === undefined) return 0;
  const what = quantity(missing.length, 'file is', 'files are');
  const why = first.reason ?? 'unknown reason';
  const all = `see ${options.output}/${EVIDENCE_FILE}`;
  notice(context, false, `${what} missing or incomplete: ${why}; ${all}`);
  return options.allowIncomplete === true ? 0 : 4;
}

function* itemLines(record: EvidenceRecord, folder: string): Generator<string> {
  for (const item of record.items) {
    const what =
      item.file === null
        ? `not written: ${escapeText(item.reason ?? '')}`
        : `${folder}/${item.file} (${humanSize(item.size)})${item.complete ? '' : `, incomplete: ${escapeText(item.reason ?? '')}`}`;
    yield `layer ${item.layer}  ${escapeText(item.path)}  ${what}`;
  }
  const written = writtenCount(record);
  yield `${quantity(written, 'file')} written to ${folder}; the evidence record is ${folder}/${EVIDENCE_FILE}`;
}
