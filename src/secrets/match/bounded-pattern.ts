/** What a pattern can cost: the bytes it can take, and the ways in which it can be tried at one place. */
export interface PatternBound {
  readonly longest: number;
  readonly ways: number;
}

/** Ways that one place may be tried in: two runs of a few hundred characters, not three. */
const MOST_WAYS = 100_000;
const MOST_LENGTH = 4096;

/**
 * Measures a regular expression, so that one from outside can be refused before it runs. An upper bound:
 * the ways multiply along a sequence, add up over alternatives, and are raised by a repeated group.
 * @throws Error in words for a person: unbounded, looking around, referring back, too long, too costly
 */
export function boundOf(pattern: string): PatternBound {
  const bound = new PatternReader(pattern).whole();
  // Syntax errors that the reader does not know of are told by the engine itself.
  RegExp(pattern, 'y');
  if (bound.longest > MOST_LENGTH) {
    throw new Error(`it can match ${bound.longest} bytes; at most ${MOST_LENGTH} are allowed`);
  }
  if (bound.ways > MOST_WAYS) {
    throw new Error('it can be tried in too many ways; shorten its repetitions');
  }
  return bound;
}

/** Reads a pattern from left to right. */
class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): PatternBound {
    const bound = this.#alternatives();
    if (this.#at < this.#text.length) throw new Error('a ")" closes nothing');
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
      if (rest === null) throw new Error('a "[" is never closed');
      this.#at += rest[0].length;
    } else if (char === '\\') {
      const escaped = this.#text[this.#at++] ?? '';
      if (/[1-9k]/.test(escaped)) throw new Error('it refers back to a group, which can take very long');
      if (escaped === 'x') this.#at += 2;
      else if (escaped === 'u') this.#at += 4;
    } else if (char === '^' || char === '$') return { longest: 0, ways: 1 };
    else if ('*+?'.includes(char)) throw new Error(`"${char}" repeats nothing`);
    return { longest: 1, ways: 1 };
  }

  #group(): PatternBound {
    if (this.#text[this.#at] === '?') {
      if (this.#text[this.#at + 1] !== ':') {
        throw new Error('it looks ahead or behind, or names a group; only ( ) and (?: ) are allowed');
      }
      this.#at += 2;
    }
    const inner = this.#alternatives();
    if (this.#text[this.#at++] !== ')') throw new Error('a "(" is never closed');
    return inner;
  }

  #repeated(item: PatternBound): PatternBound {
    const [least, most] = this.#times();
    if (most === Infinity) {
      throw new Error('it repeats without a bound; write {0,40} or {1,40} instead of *, + or {1,}');
    }
    return { longest: item.longest * most, ways: item.ways ** most * (most - least + 1) };
  }

  #times(): readonly [number, number] {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.#text.slice(this.#at));
    if (match === null) return [1, 1];
    this.#at += match[0].length;
    if (this.#text[this.#at] === '?') this.#at++;
    if (match[0] === '?') return [0, 1];
    if (match[1] === undefined || (match[2] === ',' && match[3] === '')) return [0, Infinity];
    const least = Number(match[1]);
    return [least, match[2] === ',' ? Number(match[3]) : least];
  }
}
