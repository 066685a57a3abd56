import { readPlain } from '../bytes/decompress.ts';
import type { Extent } from '../bytes/source.ts';
import { BLOCK, checksumHolds } from '../tar/header.ts';
import { TarParser } from '../tar/parser.ts';
import { BlobContents } from './blob-contents.ts';
import type { BlobHits, SecretsInput } from './content-task.ts';
import { Matcher } from './matcher.ts';
import { RULES } from './rules/catalogue.ts';
import { DEEPEST } from './unpack/budget.ts';
import { DeepScanner } from './unpack/deep-scanner.ts';
import { ruleOf } from './user-rule.ts';

let matcher: { readonly key: string; readonly matcher: Matcher } | null = null;

/** One matcher a thread: building the automaton takes longer than a small layer. */
function matcherFor({ now, userRules }: SecretsInput): Matcher {
  const key = JSON.stringify([now, userRules]);
  if (matcher?.key !== key) {
    matcher = { key, matcher: new Matcher([...RULES, ...userRules.map(ruleOf)], { now }) };
  }
  return matcher.matcher;
}

/**
 * Looks for credentials in every file of a blob, in one pass over it, whatever its compression. Damage
 * ends the pass early: what could be read was looked at.
 * @param input a {@link SecretsInput}
 * @returns a {@link BlobHits}
 * @throws Problem `unsupported-compression`, `cancelled`
 */
export async function runTask(
  extent: Extent,
  input: unknown,
  signal?: AbortSignal,
  progress?: (storedBytes: number) => void,
): Promise<BlobHits> {
  const { as, path, unpack } = input as SecretsInput;
  const contents = new BlobContents(new DeepScanner(matcherFor(input as SecretsInput), unpack ? DEEPEST : 0));
  const parser = new TarParser(contents);
  let tar = as === 'tar';
  let offset = 0;
  let stored = 0;
  await readPlain(
    extent,
    {
      stored(chunk) {
        stored += chunk.length;
        progress?.(stored);
      },
      plain(chunk) {
        if (offset === 0 && !tar) {
          tar = chunk.length >= BLOCK && checksumHolds(chunk, 0);
          if (!tar) contents.begin(path ?? '', 0, -1);
        }
        if (tar) {
          parser.feed(chunk, offset);
          const end = parser.endOffset;
          if (end !== null && end < offset + chunk.length) {
            contents.behind(chunk.subarray(Math.max(0, end - offset)));
          }
        } else contents.data(chunk);
        offset += chunk.length;
      },
    },
    signal,
  );
  if (tar) parser.end(offset);
  contents.finish();
  return { tar, contents: contents.found, files: contents.files, bytes: contents.bytes };
}
