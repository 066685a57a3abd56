/** What a layer did to a path. The values are those of the published JSON. */
export const Change = {
  /** The path is not live in the lower layers. */
  added: 0,
  /** The content, link target or device number differs. */
  modified: 1,
  /** The content is the same; the mode, owner or extended attributes differ. */
  metadata: 2,
  /** The type changed. */
  replaced: 3,
  deleted: 4,
  /** A lower layer had it, and a layer in between deleted it. */
  readded: 5,
  /** Written again with all of these the same. */
  unchanged: 6,
} as const;
export type Change = (typeof Change)[keyof typeof Change];

export const CHANGE_NAMES = [
  'added',
  'modified',
  'metadata',
  'replaced',
  'deleted',
  'readded',
  'unchanged',
] as const;
export type ChangeName = (typeof CHANGE_NAMES)[number];

/** Bits for what differs from the generation below. */
export const Changed = {
  content: 1,
  target: 2,
  device: 4,
  type: 8,
  mode: 16,
  owner: 32,
  xattrs: 64,
  mtime: 128,
  /** The sizes are equal and the contents have not been compared: `content` is set until they are. */
  unverified: 256,
} as const;

const CHANGED_NAMES = ['content', 'target', 'device', 'type', 'mode', 'owner', 'xattrs', 'mtime'] as const;
export type ChangedName = (typeof CHANGED_NAMES)[number];

/** Returns the names of the bits, in the order of the published JSON. */
export function changedNames(bits: number): ChangedName[] {
  return CHANGED_NAMES.filter((_, i) => (bits & (1 << i)) !== 0);
}

/** Classifies a difference: type before content before metadata. A new mtime alone is no change. */
export function classify(bits: number): Change {
  if (bits & Changed.type) return Change.replaced;
  if (bits & (Changed.content | Changed.target | Changed.device)) return Change.modified;
  if (bits & (Changed.mode | Changed.owner | Changed.xattrs)) return Change.metadata;
  return Change.unchanged;
}
