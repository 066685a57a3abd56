/**
 * The cost bounds of a pattern: the longest match in bytes, and the number of ways to try it at one position.
 */
export interface PatternBound {
  readonly longest: number;
  readonly ways: number;
}

/** Allows two runs of a few hundred characters, but not three. */
const MAX_WAYS = 100_000;
const MAX_LENGTH = 4096;

/**
 * Computes upper bounds for the cost of a regular expression, so that an untrusted one can be rejected before
 * it runs. The ways multiply along a sequence, add up over alternatives, and are raised to a power by a
 * repeated group.
 * @throws Error with a message for the user: unbounded, look-around, back reference, too long or too costly
 */
export function boundOf(pattern: string): PatternBound {
  const bound = new PatternReader(pattern).whole();
  // The engine reports the syntax errors that the reader does not detect.
  RegExp(pattern, 'y');
  if (bound.longest > MAX_LENGTH) {
    throw new Error(`the pattern can match ${bound.longest} bytes; the limit is ${MAX_LENGTH}`);
  }
  if (bound.ways > MAX_WAYS) {
    throw new Error('the pattern can match in too many ways; shorten its repetitions');
  }
  return bound;
}

class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): PatternBound {
    const bound = this.#alternatives();
    if (this.#at < this.#text.length) throw new Error('unmatched ")"');
    return bound;
  }

  #alternatives(): PatternBound {
    let { longest, ways } = this.#sequence();
    while (this.#text[this.#at] === '|') {
      this.#at++;
      const next = this.#sequence();
      longest = Math.max(longest, next.longest);
      ways += next.ways;
    }
    return { longest, ways };
  }

  #sequence(): PatternBound {
    let longest = 0;
    let ways = 1;
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) {
      const item = this.#repeated(this.#item());
      longest += item.longest;
      ways *= item.ways;
    }
    return { longest, ways };
  }

  #item(): PatternBound {
    const char = this.#text[this.#at++]!;
    if (char === '(') return this.#group();
    if (char === '[') {
      const rest = /^\^?(?:\\.|[^\]\\])*\]/.exec(this.#text.slice(this.#at));
      if (rest === null) throw new Error('missing "]"');
      this.#at += rest[0].length;
    } else if (char === '\\') {
      const escaped = this.#text[this.#at++] ?? '';
      if (/[1-9k]/.test(escaped))
        throw new Error('backreferences are not allowed: matching them can take very long');
      if (escaped === 'x') this.#at += 2;
      else if (escaped === 'u') this.#at += 4;
    } else if (char === '^' || char === '$') return { longest: 0, ways: 1 };
    else if ('*+?'.includes(char)) throw new Error(`nothing to repeat before "${char}"`);
    return { longest: 1, ways: 1 };
  }

  #group(): PatternBound {
    if (this.#text[this.#at] === '?') {
      if (this.#text[this.#at + 1] !== ':') {
        throw new Error('look-around and named groups are not allowed; use ( ) or (?: )');
      }
      this.#at += 2;
    }
    const inner = this.#alternatives();
    if (this.#text[this.#at++] !== ')') throw new Error('missing ")"');
    return inner;
  }

  #repeated(item: PatternBound): PatternBound {
    const [min, max] = this.#times();
    if (max === Infinity) {
      throw new Error('unbounded repetition; write {0,40} or {1,40} instead of *, + or {1,}');
    }
    return { longest: item.longest * max, ways: item.ways ** max * (max - min + 1) };
  }

  #times(): readonly [number, number] {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.#text.slice(this.#at));
    if (match === null) return [1, 1];
    this.#at += match[0].length;
    if (this.#text[this.#at] === '?') this.#at++;
    if (match[0] === '?') return [0, 1];
    if (match[1] === undefined || (match[2] === ',' && match[3] === '')) return [0, Infinity];
    const min = Number(match[1]);
    return [min, match[2] === ',' ? Number(match[3]) : min];
  }
}
