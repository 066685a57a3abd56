import { EntryType } from '../tar/member.ts';
import type { Ledger } from './ledger.ts';

/** A path that is, or was, setuid, setgid or given file capabilities. */
export interface PrivilegedPath {
  readonly path: number;
  /** Its whole line, from the bottom up. */
  readonly events: readonly number[];
  readonly setuidEver: boolean;
  readonly capabilitiesEver: boolean;
  /** Setuid or setgid in the final tree. */
  readonly setuidFinal: boolean;
}

export interface SetuidTimeline {
  readonly paths: readonly PrivilegedPath[];
  /** Regular files that are setuid or setgid in some layer, and in the final tree. */
  readonly ever: number;
  readonly final: number;
}

/** Setuid, setgid and file capabilities over time. Folders are apart: setgid is usual there. */
export function setuidTimeline(ledger: Ledger): SetuidTimeline {
  const found = new Set<number>();
  for (let event = 0; event < ledger.eventCount; event++) {
    if (!ledger.isDeletion(event) && (isSetuid(ledger, event) || hasCapabilities(ledger, event))) {
      found.add(ledger.pathOf(event));
    }
  }
  const paths = [...found].map((path): PrivilegedPath => {
    const events = ledger.line(path);
    const entries = events.filter((event) => !ledger.isDeletion(event));
    const last = events.at(-1)!;
    return {
      path,
      events,
      setuidEver: entries.some((event) => isSetuid(ledger, event)),
      capabilitiesEver: entries.some((event) => hasCapabilities(ledger, event)),
      setuidFinal: !ledger.isDeletion(last) && isSetuid(ledger, last),
    };
  });
  return {
    paths,
    ever: paths.filter((path) => path.setuidEver).length,
    final: paths.filter((path) => path.setuidFinal).length,
  };
}

function isSetuid(ledger: Ledger, event: number): boolean {
  const holder = ledger.layers[ledger.layerOf(event)]!;
  const entry = ledger.entryOf(event);
  const type = holder.type(entry);
  if (type !== EntryType.file && type !== EntryType.hardlink) return false;
  return (holder.columns.mode[entry]! & 0o6000) !== 0;
}

function hasCapabilities(ledger: Ledger, event: number): boolean {
  const holder = ledger.layers[ledger.layerOf(event)]!;
  return holder.columns.extras.get(ledger.entryOf(event))?.xattrs?.has('security.capability') === true;
}
