import { EntryType } from '../tar/member.ts';
import { capabilityText } from './capability.ts';
import type { FilePlace, Ledger } from './ledger.ts';

const SETUID = 0o4000;
const SETGID = 0o2000;
/** Either bit makes an entry worth a look. */
export const SETUID_OR_SETGID = SETUID | SETGID;

/** What makes a file run as someone else, or with more than its user has. */
export interface Privilege {
  readonly setuid: boolean;
  readonly setgid: boolean;
  /** The value of `security.capability` (see capabilityText); null where there is none. */
  readonly capability: Uint8Array | null;
}

/** A privilege, and whether it belongs to a directory: a setgid one is usual, and gives nothing to who enters. */
export interface FoundPrivilege {
  readonly directory: boolean;
  readonly privilege: Privilege;
}

/**
 * Returns the privilege that an event gives its path, or null. A hard link has the mode and the attributes of
 * the file that it names.
 */
export function privilegeOf(ledger: Ledger, event: number): FoundPrivilege | null {
  return ledger.isDeletion(event) ? null : privilegeAt(ledger, ledger.placeOf(event));
}

/** Reports whether an event makes its path a file with a privilege; directories do not count. */
export function isPrivilegedFile(ledger: Ledger, event: number): boolean {
  return privilegeOf(ledger, event)?.directory === false;
}

/** Returns the privilege of an entry by itself, or null. */
export function privilegeAt(ledger: Ledger, { layer, entry }: FilePlace): FoundPrivilege | null {
  const holder = ledger.entriesOf(layer);
  const type = holder.type(entry);
  const mode = holder.mode(entry);
  if (type === EntryType.directory) {
    if ((mode & SETGID) === 0) return null;
    return { directory: true, privilege: { setuid: false, setgid: true, capability: null } };
  }
  // A hard link that names nothing has only its own header to speak for it.
  if (type !== EntryType.file && type !== EntryType.hardlink) return null;
  const capability = holder.columns.extras.get(entry)?.xattrs?.get('security.capability') ?? null;
  if ((mode & SETUID_OR_SETGID) === 0 && capability === null) return null;
  const privilege = { setuid: (mode & SETUID) !== 0, setgid: (mode & SETGID) !== 0, capability };
  return { directory: false, privilege };
}

/** Names a privilege: `setuid`, `setgid`, and the capabilities as text. */
export function privilegeWords({ capability, setgid, setuid }: Privilege): string[] {
  return [
    ...(setuid ? ['setuid'] : []),
    ...(setgid ? ['setgid'] : []),
    ...(capability === null ? [] : [capabilityText(capability)]),
  ];
}
