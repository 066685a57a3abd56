import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type Case,
  type CaseAction,
  type CaseLine,
  decisionsOf,
  type Flag,
  flagsOf,
  lastChange,
} from '../case/case.ts';
import { changeCase, createCase, keyFileOf, readCaseAbout, readKey } from '../case/case-file.ts';
import { flagFindings, flagId, type FlagSources } from '../case/flag-findings.ts';
import { makeDirectory } from '../case/make-directory.ts';
import type { Image } from '../image/image.ts';
import { Problem } from '../problem.ts';
import type { Finding } from '../finding/finding.ts';
import { whereText } from '../report/finding-lines.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { maskedCase, maskedLog } from '../case/masked-action.ts';
import { type CaseChange, type HeldCase, NO_CASE } from '../tui/held-case.ts';
import { lineFacts } from '../session/line-facts.ts';

/**
 * The case of the shown image. Unless the user named a file, the first flag or decision creates it: viewing
 * alone writes nothing.
 */
export class ScreenCase {
  readonly #file: string;
  readonly #image: Image;
  readonly #operator: string | undefined;
  readonly #env: NodeJS.ProcessEnv;
  readonly #masker: Masker;
  #held: Case | null = null;

  /**
   * @param named whether the user named the file; then it is created at once
   * @param operator who works on it; undefined for the default from `env`
   * @throws Problem `usage` if the file is a case about another image; otherwise as {@link changeCase}
   */
  constructor(
    file: string,
    named: boolean,
    image: Image,
    operator: string | undefined,
    env: NodeJS.ProcessEnv,
    masker: Masker,
  ) {
    this.#file = file;
    this.#image = image;
    this.#operator = operator;
    this.#env = env;
    this.#masker = masker;
    if (existsSync(file)) {
      this.#held = readCaseAbout(file, image.id);
      this.log({ action: 'opened', source: image.source });
    } else if (named) this.#begin();
  }

  /** Returns what the screen shows of the case. */
  view(sources: FlagSources): HeldCase {
    if (this.#held === null) return NO_CASE;
    const shown = maskedCase(this.#held, this.#masker);
    return {
      file: this.#file,
      decisions: decisionsOf(shown),
      flagged: flagFindings(flagsOf(shown), sources),
    };
  }

  /**
   * Reads the case again, masked.
   * @returns null if there is no case
   * @throws Problem `case-broken` if it was altered
   */
  read(): Case | null {
    if (this.#held === null) return null;
    this.#held = readCaseAbout(this.#file, this.#image.id);
    return maskedCase(this.#held, this.#masker);
  }

  /** Adds a line to the log if there is a case. */
  log(did: CaseAction, facts = this.#facts()): void {
    if (this.#held !== null) this.#held = changeCase(this.#file, facts, () => did, this.#masker);
  }

  /**
   * Changes the case.
   * @returns a message for the user
   * @throws Problem as {@link changeCase} does
   */
  change(change: CaseChange): string {
    switch (change.kind) {
      case 'decide': {
        const { findings, reason, until, verdict } = change;
        this.#begin();
        const facts = this.#togetherFacts();
        for (const finding of findings) {
          this.log({ action: 'decided', decision: { finding, verdict, reason, until } }, facts);
        }
        const what = findings.length === 1 ? 'decided' : `${findings.length} findings decided`;
        return `${what}: ${verdict === 'false-alarm' ? 'false alarm' : verdict}; u undoes it`;
      }
      case 'flag': {
        this.#begin();
        const key = readKey(this.#file);
        if (key === null)
          throw new Problem('case-unusable', `cannot flag: the key ${keyFileOf(this.#file)} does not exist`);
        const { note, place, severity, title } = change;
        const flag: Flag = { ...place, id: flagId(place, key), kind: title, severity, note };
        this.log({ action: 'flagged', flag });
        return `flagged: ${this.#masker.mask(title)}, ${severity}; u undoes it`;
      }
      case 'undo':
        return this.#undo(change.findings);
    }
  }

  #undo(findings: readonly Finding[]): string {
    const last = this.#held === null ? null : lastChange(this.#held);
    if (last === null) return 'no flag or decision to undo';
    const facts = this.#facts();
    let count = 0;
    for (let line: CaseLine | null = last; line !== null && line.at === last.at; count++) {
      this.log({ action: 'undone', line: line.number }, facts);
      line = lastChange(this.#held!);
    }
    return count === 1
      ? `undone: ${undoneText(maskedLog([last], this.#masker)[0]!, findings)}`
      : `undone: ${count} decisions`;
  }

  #begin(): void {
    if (this.#held !== null) return;
    makeDirectory(path.dirname(this.#file), 0o700);
    const facts = { ...this.#facts(), imageId: this.#image.id };
    this.#held = createCase(this.#file, this.#image, ['no-secrets'], facts);
  }

  /**
   * Returns one time for decisions made together, since they are undone together. It differs from the time of
   * the line before.
   */
  #togetherFacts(): ReturnType<typeof lineFacts> {
    const facts = this.#facts();
    const last = this.#held?.log.at(-1)?.at;
    return facts.at === last ? { ...facts, at: new Date(Date.parse(last) + 1).toISOString() } : facts;
  }

  #facts(): ReturnType<typeof lineFacts> {
    return lineFacts(this.#operator, this.#env);
  }
}

/** Describes the flag or decision of a log line, in one line; not escaped. */
function undoneText({ did }: CaseLine, findings: readonly Finding[]): string {
  if (did.action === 'flagged') {
    const { flag } = did;
    const place = flag.path ?? flag.key ?? `history entry ${flag.historyIndex}`;
    return `flag ${flag.kind}, ${place}`;
  }
  if (did.action !== 'decided') return did.action;
  const { finding: id, verdict } = did.decision;
  const words = verdict === 'false-alarm' ? 'false alarm' : verdict;
  const finding = findings.find((each) => each.id === id);
  return finding === undefined ? `${words} on ${id}` : `${words} on ${nameText(finding)}`;
}

function nameText({ title, where }: Finding): string {
  const { line, path: file } = where;
  const place = file === null ? whereText(where) : `${file}${line === null ? '' : `:${line}`}`;
  return `${title}, ${place}`;
}
