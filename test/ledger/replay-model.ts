import type { FixtureEntry } from '../../fixtures/tar.ts';

/** The content of a test layer, in the tar's order. */
export type Member =
  | { readonly kind: 'entry'; readonly entry: FixtureEntry & { readonly path: string } }
  | { readonly kind: 'whiteout'; readonly path: string }
  | { readonly kind: 'opaque'; readonly path: string };

/** A path in a tree: plain values, with hard links resolved to the files that they name. */
export interface Node {
  readonly type: string;
  readonly content: string;
  readonly target: string;
  readonly device: string;
  readonly mode: number;
  readonly owner: string;
  readonly xattrs: string;
  readonly mtime: number;
  /** The member that stores the file: names with the same one are hard links of each other. */
  readonly stored: number;
  /** The member that gave it this name. Members are numbered from the bottom layer up. */
  readonly named: number;
}

/** One thing that one layer did to one path. */
interface ModelEvent {
  readonly layer: number;
  readonly path: string;
  readonly change: string;
  readonly changed: readonly string[];
  /** `whiteout /a`, `opaque /a`, `replacement /a`; '' if it is not a deletion. */
  readonly via: string;
}

export interface Replay {
  readonly events: readonly ModelEvent[];
  /** The tree after each layer. */
  readonly trees: readonly ReadonlyMap<string, Node>[];
  readonly superseded: readonly string[];
}

/**
 * Stacks layers in the simplest way: a map from path to node, copied for every layer, and for every path a search
 * through everything that hides it. Written from image-spec's layer.md and the documentation of the JSON, independently
 * of the ledger's code.
 */
export function replay(layers: readonly (readonly Member[])[]): Replay {
  const events: ModelEvent[] = [];
  const superseded: string[] = [];
  const trees: Map<string, Node>[] = [];
  const everDeleted = new Set<string>();
  let tree = new Map<string, Node>();
  let before = 0;
  layers.forEach((members, layer) => {
    const base = before;
    before += members.length;
    const below = tree;
    tree = new Map(below);
    const own = new Map<string, number>();
    members.forEach((member, i) => {
      if (member.kind === 'entry') own.set(member.entry.path, i);
    });

    const compare = (path: string, node: Node): Pick<ModelEvent, 'change' | 'changed'> => {
      const old = below.get(path);
      if (old === undefined) return { change: everDeleted.has(path) ? 'readded' : 'added', changed: [] };
      return classify(old, node);
    };
    for (const [i, member] of members.entries()) {
      if (member.kind !== 'entry') continue;
      const { path } = member.entry;
      const node = resolve(members, i, below, base);
      const { change, changed } = compare(path, node);
      if (own.get(path) === i) {
        tree.set(path, node);
        events.push({ layer, path, change, changed, via: '' });
      } else superseded.push(`${layer} ${path} ${change}`);
    }

    const remove = (path: string, via: string): void => {
      tree.delete(path);
      events.push({ layer, path, change: 'deleted', changed: [], via });
    };
    for (const [path, node] of below) {
      if (own.has(path)) continue;
      const implied = [...own.keys()].some((other) => other.startsWith(`${path}/`));
      if (implied && node.type === 'directory') continue;
      const hiding = hidings(members, own).find(({ covers }) => covers(path));
      if (hiding !== undefined) remove(path, hiding.name);
      else if (implied && node.type !== 'symlink') remove(path, `replacement ${path}`);
    }
    for (const { layer: when, path, change } of events) {
      if (when === layer && change === 'deleted') everDeleted.add(path);
    }
    trees.push(tree);
  });
  return { events, trees, superseded };
}

/** Returns everything that a layer hides, in attribution order: replaced directories, then whiteouts. */
function hidings(members: readonly Member[], own: ReadonlyMap<string, number>) {
  const found: { name: string; covers: (path: string) => boolean }[] = [];
  for (const [i, member] of members.entries()) {
    if (member.kind !== 'entry' || own.get(member.entry.path) !== i) continue;
    const { path, type } = member.entry;
    if (type === 'directory') continue;
    found.push({ name: `replacement ${path}`, covers: (other) => other.startsWith(`${path}/`) });
  }
  for (const { kind, ...member } of members) {
    if (kind === 'entry' || !('path' in member)) continue;
    const { path } = member;
    found.push({
      name: `${kind} ${path}`,
      covers: (other) => other.startsWith(`${path}/`) || (kind === 'whiteout' && other === path),
    });
  }
  return found;
}

/** Returns the node that a member makes. A hard link is the file that it names or, if there is none, itself. */
function resolve(
  members: readonly Member[],
  index: number,
  below: ReadonlyMap<string, Node>,
  base: number,
): Node {
  const named = follow(members, index, below, base);
  if (named !== null && named.type !== 'directory') return { ...named, named: base + index };
  const member = members[index]!;
  if (member.kind !== 'entry') throw new Error('no entry');
  return nodeOf(member.entry, base + index);
}

/**
 * Returns what the container sees at each path of a tree, as `path type size > target`. Of the names of one file,
 * the one that it was stored under is the file, otherwise the earliest one; the others are hard links to it.
 */
export function listing(tree: ReadonlyMap<string, Node>): string[] {
  const names = new Map<number, [path: string, node: Node][]>();
  for (const [path, node] of tree) names.set(node.stored, [...(names.get(node.stored) ?? []), [path, node]]);
  const lines: string[] = [];
  for (const group of names.values()) {
    const age = ({ named, stored }: Node): number => (named === stored ? -1 : named);
    const [first, ...others] = group.toSorted(([, a], [, b]) => age(a) - age(b));
    const [path, { content, target, type }] = first!;
    lines.push(`${path} ${type} ${content.length} > ${target.replace(/^\//, '')}`);
    for (const [other] of others) lines.push(`${other} hardlink 0 > ${path.slice(1)}`);
  }
  return lines;
}

/** Finds the file that a hard link names: before it in the tar, otherwise after it, otherwise in a lower layer. */
function follow(
  members: readonly Member[],
  index: number,
  below: ReadonlyMap<string, Node>,
  base: number,
): Node | null {
  let at = index;
  for (let step = 0; step < 8; step++) {
    const member = members[at]!;
    if (member.kind !== 'entry') break;
    if (member.entry.type !== 'hardlink') return nodeOf(member.entry, base + at);
    const target = member.entry.linkname ?? '';
    const same = [...members.keys()].filter((i) => {
      const other = members[i]!;
      return other.kind === 'entry' && other.entry.path === target;
    });
    const next = same.findLast((i) => i < at) ?? same.at(-1);
    if (next === undefined) {
      return below.get(target) ?? null;
    }
    at = next;
  }
  return null;
}

function nodeOf(entry: FixtureEntry, number: number): Node {
  const type = entry.type ?? 'file';
  const link = type === 'symlink' || type === 'hardlink';
  return {
    type,
    content: type === 'file' ? String(entry.content ?? '') : '',
    target: link ? (entry.linkname ?? '') : '',
    device: type === 'character' ? `${entry.devmajor}:${entry.devminor}` : '',
    mode: entry.mode ?? 0,
    owner: `${entry.uid ?? 0}:${entry.gid ?? 0}`,
    xattrs: Object.entries(entry.xattrs ?? {})
      .map(([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`)
      .join(),
    mtime: entry.mtime ?? 0,
    stored: number,
    named: number,
  };
}

function classify(before: Node, after: Node): Pick<ModelEvent, 'change' | 'changed'> {
  const changed: string[] = [];
  if (before.type === after.type) {
    for (const key of ['content', 'target', 'device'] as const) {
      if (before[key] !== after[key]) changed.push(key);
    }
  } else changed.push('type');
  for (const key of ['mode', 'owner', 'xattrs', 'mtime'] as const) {
    // The mode of a symbolic link has no meaning.
    if (key === 'mode' && after.type === 'symlink') continue;
    if (before[key] !== after[key]) changed.push(key);
  }
  const has = (...names: string[]): boolean => names.some((name) => changed.includes(name));
  if (has('type')) return { change: 'replaced', changed };
  if (has('content', 'target', 'device')) return { change: 'modified', changed };
  return { change: has('mode', 'owner', 'xattrs') ? 'metadata' : 'unchanged', changed };
}
