import { type Case, decisionsOf, type Flag, flagsOf, lastChange } from '../case/case.ts';
import { maskedCase, maskedLog } from '../case/masked-action.ts';
import { changeCase, createCase, readCase, readIntactCase, readKey, keyFileOf } from '../case/case-file.ts';
import { brokenParts, checkChain } from '../case/chain.ts';
import { flagId } from '../case/flag-findings.ts';
import { type DecisionVerdict, VERDICTS } from '../finding/decision.ts';
import { SEVERITIES, type Severity } from '../finding/finding.ts';
import { Problem } from '../problem.ts';
import { caseRules } from '../report/case-rules.ts';
import { caseLines, checkLines, logLines } from '../report/case-lines.ts';
import { type Goal, GOALS } from '../retest/verify.ts';
import { escapeText } from '../text/escape.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { readConfigured } from '../session/read-config.ts';
import { namedCase } from './named-case.ts';
import { findAll } from '../session/find-all.ts';
import { inputFiles } from '../session/input-files.ts';
import { lineFacts } from '../session/line-facts.ts';
import { commandListener, openForCommand, openImage } from './open-for-command.ts';
import { notice, writeJson, writeLines } from './output.ts';

export interface CaseOptions extends CommonOptions {
  readonly operator?: string;
}

/** `exhume case open FILE [IMAGE]`: creates a case about an image. */
export async function caseOpen(
  given: string,
  named: string | undefined,
  options: CaseOptions & { readonly goal?: readonly string[] },
  context: CommandContext,
): Promise<void> {
  const { file, image: name } = await namedCase(given, named, options, context);
  const goals = (options.goal ?? ['no-secrets']).map((goal) => chosen<Goal>('--goal', goal, GOALS));
  const image = await openImage(name, options, context);
  const held = createCase(file, image, goals, {
    ...lineFacts(options.operator, context.env),
    imageId: image.id,
  });
  await writeLines(context.stdout, [
    `created ${file}, a case about ${escapeText(held.image.names[0] ?? held.image.id)}`,
  ]);
}

/** `exhume case show FILE`: prints the flags, the decisions and the log. */
export async function caseShow(
  given: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const { file } = await namedCase(given, undefined, options, context);
  const written = readCase(file);
  const [part] = brokenParts(written, checkChain(written, readKey(file)));
  if (part !== undefined) notice(context, false, `warning: ${file}: the case is broken: ${part}`);
  const { masker } = await readConfigured(options.config, commandListener(options, context));
  const held = maskedCase(written, masker);
  if (options.json === true) {
    const { created, goals, image } = held;
    const decisions = [...decisionsOf(held).values()];
    const head = {
      schema: 'exhume/case-view/1',
      file,
      created,
      image,
      goals,
      flags: flagsOf(held),
      decisions,
    };
    await writeJson(context.stdout, head, { name: 'log', items: held.log });
    return;
  }
  await writeLines(context.stdout, caseLines(held));
}

/**
 * `exhume case verify FILE`: checks the head, every line of the log and the seal.
 * @returns the exit status: 1 if the case is broken
 * @throws Problem `case-untrusted` for a case that does not match its schema
 */
export async function caseVerify(
  given: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<0 | 1> {
  const { file } = await namedCase(given, undefined, options, context);
  const held = readCase(file, 'case-untrusted');
  const check = checkChain(held, readKey(file));
  const intact = brokenParts(held, check).length === 0;
  // Without the key nobody knows whether the end is missing.
  const whole = intact && check.sealed === null ? null : intact;
  if (options.json === true) {
    const { broken, head, sealed } = check;
    await writeJson(context.stdout, {
      schema: 'exhume/case-check/1',
      file,
      format: held.schema,
      lines: held.log.length,
      broken,
      head,
      sealed,
      whole,
    });
  } else await writeLines(context.stdout, checkLines(held, check));
  return intact ? 0 : 1;
}

/** `exhume case decide FILE VERDICT FINDING…`: records a decision about findings. */
export async function caseDecide(
  given: string,
  findings: readonly string[],
  verdict: string,
  options: CaseOptions & { readonly reason?: string; readonly until?: string },
  context: CommandContext,
): Promise<void> {
  const { file } = await namedCase(given, undefined, options, context);
  const decided = chosen<DecisionVerdict>('the verdict', verdict, VERDICTS);
  const until = options.until === undefined ? null : dateOf(options.until);
  if (decided === 'accepted' && options.reason === undefined) {
    throw new Problem('usage', 'the verdict accepted needs --reason');
  }
  const { masker } = await readConfigured(options.config, commandListener(options, context));
  const facts = lineFacts(options.operator, context.env);
  for (const finding of findings) {
    const decision = { finding, verdict: decided, reason: options.reason ?? null, until };
    changeCase(file, facts, () => ({ action: 'decided', decision }), masker);
  }
  await writeLines(context.stdout, [
    `${findings.length === 1 ? findings[0]! : `${findings.length} findings`}: ${decided}`,
  ]);
}

export interface FlagOptions extends CaseOptions {
  readonly layer?: string;
  readonly env?: string;
  readonly history?: string;
  readonly bytes?: string;
  readonly kind: string;
  readonly severity: string;
  readonly note?: string;
}

/** `exhume case flag FILE [PATH]`: flags a file, a range of it, a variable or a history entry as a secret. */
export async function caseFlag(
  given: string,
  path: string | undefined,
  options: FlagOptions,
  context: CommandContext,
): Promise<void> {
  const { file } = await namedCase(given, undefined, options, context);
  const key = readKey(file);
  if (key === null) {
    throw new Problem(
      'case-unusable',
      `cannot change case ${file}: ${keyFileOf(file)} does not exist or is not a key`,
    );
  }
  const place = placeOf(path, options);
  const severity = chosen<Severity>('--severity', options.severity, SEVERITIES);
  const flag: Flag = {
    ...place,
    id: flagId(place, key),
    kind: options.kind,
    severity,
    note: options.note ?? null,
  };
  const { masker } = await readConfigured(options.config, commandListener(options, context));
  changeCase(file, lineFacts(options.operator, context.env), () => ({ action: 'flagged', flag }), masker);
  await writeLines(context.stdout, [`${flag.id}: ${escapeText(masker.mask(flag.kind))}, ${severity}`]);
}

/**
 * `exhume case rules FILE [IMAGE] [--into CONFIG]`: prints the false alarms as exceptions for `exhume.yaml`, or adds
 * them to such a file.
 * @throws Problem `usage` if the image is not the one of the case
 */
export async function caseRulesOf(
  given: string,
  named: string | undefined,
  options: CommonOptions & { readonly into?: string },
  context: CommandContext,
): Promise<void> {
  const { file, image } = await namedCase(given, named, options, context);
  const { masker } = await readConfigured(options.config, {});
  const held = maskedCase(readIntactCase(file), masker);
  const opened = image === undefined ? null : await openForCommand(image, options, context);
  if (opened !== null && opened.stacked.image.id !== held.image.id) {
    throw new Problem(
      'usage',
      `${file} is a case about ${held.image.id}, not about ${opened.stacked.image.id}`,
    );
  }
  const findings = opened === null ? [] : await findAll({ ...opened, listener: {} });
  const decisions = decisionsOf(held).values();
  if (options.into === undefined) {
    await writeLines(context.stdout, caseRules(decisions, findings));
    return;
  }
  const { keepRules } = await import('../session/keep-rules.ts');
  const inputs = inputFiles({ images: image === undefined ? [] : [image], case: file }, context.stdin);
  await writeLines(context.stdout, [await keepRules(options.into, decisions, findings, inputs)]);
}

/** `exhume case undo FILE`: undoes the last flag or decision. */
export async function caseUndo(given: string, options: CaseOptions, context: CommandContext): Promise<void> {
  const { file } = await namedCase(given, undefined, options, context);
  const { masker } = await readConfigured(options.config, commandListener(options, context));
  const undone: { line: Case['log'][number] | null } = { line: null };
  changeCase(
    file,
    lineFacts(options.operator, context.env),
    (held) => {
      undone.line = lastChange(held);
      return undone.line === null ? null : { action: 'undone', line: undone.line.number };
    },
    masker,
  );
  if (undone.line === null) throw new Problem('usage', `${file} has no flag or decision to undo`);
  await writeLines(
    context.stdout,
    logLines(maskedLog([undone.line], masker)).map((text) => `undone: ${text}`),
  );
}

function placeOf(
  path: string | undefined,
  { bytes, env, history, layer }: FlagOptions,
): Omit<Flag, 'id' | 'kind' | 'severity' | 'note'> {
  const given = [path, env, history].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw new Problem('usage', 'name one thing to flag: PATH with --layer N, --env NAME, or --history N');
  const nowhere = { layer: null, path: null, key: null, historyIndex: null, start: null, end: null };
  if (env !== undefined) return { ...nowhere, surface: 'env', key: env };
  if (history !== undefined)
    return { ...nowhere, surface: 'history', historyIndex: numberOf('--history', history) };
  if (layer === undefined)
    throw new Problem('usage', 'a PATH needs --layer N, the layer whose version of the file to flag');
  const range = bytes === undefined ? null : rangeOf(bytes);
  return { ...nowhere, surface: 'file', path: path!, layer: numberOf('--layer', layer), ...range };
}

function rangeOf(text: string): { start: number; end: number } {
  const match = /^(\d+)-(\d+)$/.exec(text);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && end > start) return { start, end };
  throw new Problem('usage', `--bytes ${text}: expected FROM-TO, with TO greater than FROM`);
}

function numberOf(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Problem('usage', `${option} ${text}: expected a number, starting at 0`);
}

function dateOf(text: string): string {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new Problem('usage', `--until ${text}: expected a date, such as 2027-01-31`);
}

function chosen<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given.toLowerCase());
  if (found !== undefined) return found;
  throw new Problem('usage', `${option} ${given}: expected one of ${allowed.join(', ')}`);
}
