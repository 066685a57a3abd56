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
import { logLines } from '../report/case-lines.ts';
import type { Masker } from '../secrets/mask/masker.ts';
import { maskedCase, maskedLog } from '../case/masked-action.ts';
import { type CaseChange, type HeldCase, NO_CASE } from '../tui/held-case.ts';
import { lineFacts } from '../session/line-facts.ts';

/**
 * The case of the image that is on the screen. Where none was named it begins with the first flag or
 * decision: who only looks leaves nothing behind.
 */
export class ScreenCase {
  readonly #file: string;
  readonly #image: Image;
  readonly #operator: string | undefined;
  readonly #env: NodeJS.ProcessEnv;
  readonly #masker: Masker;
  #held: Case | null = null;

  /**
   * @param named whether a person named the file: then it is there from the beginning
   * @param operator who works on it; undefined for what `env` says
   * @throws Problem `usage` where the file is a case about another image; as {@link changeCase} does
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

  /** What the screen shows of it. */
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
   * Reads the case again, masked, for what relies on it or adds to it later.
   * @returns null if there is no case
   * @throws Problem `case-broken` if it is not intact any more
   */
  read(): Case | null {
    if (this.#held === null) return null;
    this.#held = readCaseAbout(this.#file, this.#image.id);
    return maskedCase(this.#held, this.#masker);
  }

  /** Adds a line to the log, where there is a case. */
  log(did: CaseAction, facts = this.#facts()): void {
    if (this.#held !== null) this.#held = changeCase(this.#file, facts, () => did, this.#masker);
  }

  /**
   * Makes a change.
   * @returns a line that says what was done
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
        const what = findings.length === 1 ? 'decided' : `${findings.length} decided`;
        return `${what}: ${verdict === 'false-alarm' ? 'false alarm' : verdict}; u takes it back`;
      }
      case 'flag': {
        this.#begin();
        const key = readKey(this.#file);
        if (key === null)
          throw new Problem('case-unusable', `cannot flag: the key ${keyFileOf(this.#file)} does not exist`);
        const { note, place, severity, title } = change;
        const flag: Flag = { ...place, id: flagId(place, key), kind: title, severity, note };
        this.log({ action: 'flagged', flag });
        return `flagged: ${this.#masker.mask(title)}, ${severity}; u takes it back`;
      }
      case 'undo':
        return this.#undo();
    }
  }

  #undo(): string {
    const last = this.#held === null ? null : lastChange(this.#held);
    if (last === null) return 'there is no flag and no decision to take back';
    const facts = this.#facts();
    let count = 0;
    for (let line: CaseLine | null = last; line !== null && line.at === last.at; count++) {
      this.log({ action: 'undone', line: line.number }, facts);
      line = lastChange(this.#held!);
    }
    return count === 1
      ? `taken back: ${logLines(maskedLog([last], this.#masker)).join(' ')}`
      : `${count} decisions taken back`;
  }

  #begin(): void {
    if (this.#held !== null) return;
    makeDirectory(path.dirname(this.#file), 0o700);
    const facts = { ...this.#facts(), imageId: this.#image.id };
    this.#held = createCase(this.#file, this.#image, ['no-secrets'], facts);
  }

  /**
   * One time for all: what was decided together is taken back together. What was decided in the same
   * millisecond before is not among it.
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
