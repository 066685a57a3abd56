import type { Check, Failure } from '../check.ts';
import { runsOf } from '../commands.ts';

/** A way to download something without verifying it. */
interface Risk {
  readonly key: string;
  readonly severity: Failure['severity'];
  /** A verb phrase for the reason. */
  readonly what: string;
  /** Reports whether a RUN does this. Must take linear time: the text comes from the image. */
  readonly found: (text: string) => boolean;
}

const FETCHES = /\b(?:curl|wget)\b/;
const INTERPRETER =
  /^\s*(?:sudo\s+(?:-\w+\s+)*)?(?:[^\s/]*\/)*(?:(?:ba|da|z|k)?sh|python\d?|perl|ruby|node)(?:\s|$)/;
const SUBSTITUTED =
  /\b(?:(?:ba|da|z|k)?sh\s+(?:-\w*c\s+["']?\$\(|<\()|eval\s+["']?\$\(|source\s+<\()\s*(?:curl|wget)\b/;
const UNSIGNED = /--allow-unauthenticated|--no-?gpg-?check|--allow-untrusted|--force-yes|\[trusted=yes\]/;
const TLS_OFF =
  /\bstrict-ssl[= ]false\b|\bsslVerify[= ]false\b|\bGIT_SSL_NO_VERIFY=|\bNODE_TLS_REJECT_UNAUTHORIZED=["']?0/;

const RISKS: readonly Risk[] = [
  {
    key: 'pipe',
    severity: 'medium',
    what: 'executes a download without checking it',
    found: (text) =>
      SUBSTITUTED.test(text) ||
      pipelines(text).some((stages) =>
        stages.some((stage, i) => i > 0 && INTERPRETER.test(stage) && FETCHES.test(stages[i - 1]!)),
      ),
  },
  {
    key: 'http',
    severity: 'low',
    what: 'downloads without TLS',
    found: (text) =>
      downloads(text).some((words) => words.some((word) => /^["']?http:\/\/(?!localhost|127\.)/.test(word))),
  },
  {
    key: 'insecure',
    severity: 'medium',
    what: 'disables TLS certificate checks',
    found: (text) => TLS_OFF.test(text) || downloads(text).some(unchecked),
  },
  {
    key: 'unsigned',
    severity: 'medium',
    what: 'installs packages without checking signatures',
    found: (text) => UNSIGNED.test(text),
  },
  {
    key: 'trusted-host',
    severity: 'low',
    what: 'makes pip trust a host without checking its certificate',
    found: (text) => /--trusted-host\b/.test(text),
  },
];

export const uncheckedDownloads: Check = {
  id: 'unchecked-download',
  title: 'Unverified download',
  severities: ['medium', 'low'],
  sources: ['history'],
  references: ['hadolint DL4006', 'hadolint DL3047'],
  advice: [
    'Download over TLS and check a signature or a fixed sha256 before use: ADD --checksum=sha256:<HASH> <URL> <PATH>',
  ],
  run(subject) {
    const runs = runsOf(subject);
    const failures = RISKS.flatMap(({ found, key, severity, what }): Failure[] => {
      const at = runs
        .filter(({ text }) => found(text))
        .map(({ entry }) => ({ kind: 'history', entry }) as const);
      return at.length === 0 ? [] : [{ key, severity, reason: `a RUN ${what}`, at }];
    });
    const added = subject.history.instructions.flatMap(({ keyword, text }, entry) =>
      keyword === 'ADD' && /\shttp:\/\//.test(text) ? [{ kind: 'history', entry } as const] : [],
    );
    if (added.length > 0) {
      failures.push({ key: 'add', severity: 'low', reason: 'an ADD downloads without TLS', at: added });
    }
    return failures;
  },
};

/** Splits a script into pipelines, and each pipeline into its commands. */
function pipelines(text: string): string[][] {
  return text.split(/[;&\n]/).map((pipeline) => pipeline.split('|'));
}

/** Returns the words of each command that uses curl or wget. */
function downloads(text: string): string[][] {
  return pipelines(text)
    .flat()
    .filter((stage) => FETCHES.test(stage))
    .map((stage) => stage.split(/\s+/));
}

/** Reports whether a command disables certificate checks. */
function unchecked(words: readonly string[]): boolean {
  const curl = words.some((word) => /(?:^|\/)curl$/.test(word));
  // `-k` among short options: `-fsSLk`.
  const short = (word: string): boolean => /^-\w+$/.test(word) && word.includes('k');
  return words.some(
    (word) => word === '--no-check-certificate' || (curl && (word === '--insecure' || short(word))),
  );
}
