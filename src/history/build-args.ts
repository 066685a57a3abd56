import { shellPrefixLength } from './shell-prefix.ts';

/** A build argument as passed to a RUN. */
export interface BuildArg {
  readonly name: string;
  readonly value: string;
}

/** Arguments that earlier ARG entries declared, with their values; null if the value is not recorded. */
export type DeclaredArgs = ReadonlyMap<string, string | null>;

/** A RUN that begins with build arguments, parsed. */
export interface ArgsAndCommand {
  readonly args: readonly BuildArg[];
  /** True if the end of a value is a guess: values are recorded without quotes. */
  readonly ambiguous: boolean;
  /** The text after the arguments: the shell, if any, and the command. */
  readonly rest: string;
}

const NAME = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const WORD = /\S+/g;

/**
 * Parses `|2 A=b C=d /bin/sh -c …`. The number counts the arguments; buildah counts words instead. Values
 * are recorded without quotes, so a value with spaces looks like several arguments. The names that ARG
 * entries declared show where a value ends.
 * @param text the text after `|`
 * @param declared arguments of earlier ARG entries; may be empty
 * @returns null if the text does not begin with a number
 */
export function splitBuildArgs(text: string, declared: DeclaredArgs): ArgsAndCommand | null {
  const counted = /^(\d{1,4}) +/.exec(text);
  if (counted === null) return null;
  const body = text.slice(counted[0].length);
  const count = Number(counted[1]);
  const words = [...body.matchAll(WORD)];
  const nameAt = (at: number): string | undefined => NAME.exec(body.slice(at, at + 256))?.[1];
  const first = nameAt(words[0]?.index ?? 0);
  const bounding = first !== undefined && declared.has(first);
  const isName = (at: number): boolean => {
    const name = nameAt(at);
    return name !== undefined && (!bounding || declared.has(name));
  };

  const shell = words.find((word) => shellPrefixLength(body.slice(word.index)) > 0)?.index ?? -1;
  if (shell >= 0) {
    const names = words.filter((word) => word.index < shell && isName(word.index)).map((word) => word.index);
    const before = words.filter((word) => word.index < shell).length;
    const args = cut(body, names, shell);
    const rest = body.slice(shell);
    if (before === 0 || names[0] !== words[0]!.index) return { args, ambiguous: count > 0, rest };
    const plain = names.length === before && before === count;
    const bounded = bounding && distinct(args) && (names.length === count || before === count);
    return { args, ambiguous: !plain && !bounded, rest };
  }

  // RUN ["program", "argument"]: only the values in ARG entries show where an argument ends.
  const known = cutKnown(body, count, declared);
  if (known !== null) return known;
  const names = words.slice(0, count).map((word) => word.index);
  if (names.length < count || !names.every(isName)) return { args: [], ambiguous: true, rest: body };
  const end = words[count]?.index ?? body.length;
  return { args: cut(body, names, end), ambiguous: count > 0, rest: body.slice(end) };
}

/** Cuts off `count` arguments that have their declared values; null if one has another value. */
function cutKnown(body: string, count: number, declared: DeclaredArgs): ArgsAndCommand | null {
  const args: BuildArg[] = [];
  let rest = body;
  while (args.length < count) {
    const name = NAME.exec(rest.slice(0, 256))?.[1];
    const value = name === undefined ? undefined : declared.get(name);
    if (name === undefined || value === undefined || value === null) return null;
    const after = rest.slice(name.length + 1);
    if (!after.startsWith(value) || !/^(?:\s|$)/.test(after.slice(value.length))) return null;
    args.push({ name, value });
    rest = after.slice(value.length).trimStart();
  }
  return count === 0 ? null : { args, ambiguous: false, rest };
}

function cut(body: string, names: readonly number[], end: number): BuildArg[] {
  return names.map((start, i) => {
    const text = body.slice(start, names[i + 1] ?? end).trimEnd();
    const equals = text.indexOf('=');
    return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  });
}

function distinct(args: readonly BuildArg[]): boolean {
  return new Set(args.map((arg) => arg.name)).size === args.length;
}
