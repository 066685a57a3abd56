import { EntryType } from '../tar/member.ts';
import type { Ledger } from './ledger.ts';
import { type Privilege, privilegeOf, SETUID_OR_SETGID } from './privileges.ts';

/**
 * What became of a path's privilege in a layer: `set` where it had none; `changed` to another one;
 * `copied` up, the same in a new generation, so that the copy below is there still; `cleared`, the
 * file stays; `deleted`, or replaced by what cannot have it.
 */
type PrivilegeChange = 'set' | 'changed' | 'copied' | 'cleared' | 'deleted';

interface PrivilegeStep {
  readonly event: number;
  readonly change: PrivilegeChange;
  /** What the path has from here on; null where nothing. */
  readonly privilege: Privilege | null;
}

/** A path that is, or was, setuid, setgid or given file capabilities. */
export interface PrivilegedPath {
  readonly path: number;
  /** Its whole line, from the bottom up. */
  readonly events: readonly number[];
  /** Of its line, the events that touched a privilege. */
  readonly steps: readonly PrivilegeStep[];
  /** Setuid or setgid in some layer. */
  readonly setuidEver: boolean;
  readonly capabilitiesEver: boolean;
  /** Setuid or setgid in the final tree. */
  readonly setuidFinal: boolean;
  readonly capabilitiesFinal: boolean;
}

export interface SetuidTimeline {
  /** Files, by the event that first gave them a privilege. */
  readonly paths: readonly PrivilegedPath[];
  /** Folders that are or were setgid: usual, and no privilege of who enters them. */
  readonly folders: readonly PrivilegedPath[];
  /** Files that are setuid or setgid in some layer, and in the final tree. */
  readonly ever: number;
  readonly final: number;
  readonly capabilities: { readonly ever: number; readonly final: number };
}

/**
 * Setuid, setgid and file capabilities over time. A hard link counts as a path of its own, with the
 * mode and the attributes of the file that it names. Members superseded within their own tar never were
 * in any tree and do not count.
 */
export function setuidTimeline(ledger: Ledger): SetuidTimeline {
  const files = new Set<number>();
  const directories = new Set<number>();
  for (const event of mayHavePrivilege(ledger)) {
    const found = privilegeOf(ledger, event);
    if (found === null) continue;
    (found.directory ? directories : files).add(ledger.pathOf(event));
  }
  const paths = lines(ledger, files, false);
  return {
    paths,
    folders: lines(ledger, directories, true),
    ever: paths.filter((path) => path.setuidEver).length,
    final: paths.filter((path) => path.setuidFinal).length,
    capabilities: {
      ever: paths.filter((path) => path.capabilitiesEver).length,
      final: paths.filter((path) => path.capabilitiesFinal).length,
    },
  };
}

/** Events whose entry has such a mode or attributes of its own, or is another's name: few of very many. */
function* mayHavePrivilege(ledger: Ledger): Generator<number, void> {
  for (const [at, layer] of ledger.layers.entries()) {
    if (layer === null) continue;
    const { mode, type, extras } = layer.columns;
    const { ref } = ledger.columns;
    const [start, end] = ledger.eventsOf(at);
    for (let event = start; event < end; event++) {
      const entry = ref[event]!;
      const special = (mode[entry]! & SETUID_OR_SETGID) !== 0 || type[entry] === EntryType.hardlink;
      if ((special || extras.has(entry)) && !ledger.isDeletion(event)) yield event;
    }
  }
}

function lines(ledger: Ledger, paths: ReadonlySet<number>, directory: boolean): PrivilegedPath[] {
  return Array.from(paths, (path) => lineOf(ledger, path, directory));
}

function lineOf(ledger: Ledger, path: number, directory: boolean): PrivilegedPath {
  const events = ledger.line(path);
  const steps: PrivilegeStep[] = [];
  let before: Privilege | null = null;
  for (const event of events) {
    const found = privilegeOf(ledger, event);
    const privilege: Privilege | null = found?.directory === directory ? found.privilege : null;
    if (before !== null || privilege !== null) {
      steps.push({
        event,
        change: changeOf(before, privilege, staysKind(ledger, event, directory)),
        privilege,
      });
    }
    before = privilege;
  }
  const ever = steps.map((step) => step.privilege);
  return {
    path,
    events,
    steps,
    setuidEver: ever.some(isSetuid),
    capabilitiesEver: ever.some(hasCapability),
    setuidFinal: isSetuid(before),
    capabilitiesFinal: hasCapability(before),
  };
}

function changeOf(before: Privilege | null, after: Privilege | null, stays: boolean): PrivilegeChange {
  if (before === null) return 'set';
  if (after !== null) return samePrivilege(before, after) ? 'copied' : 'changed';
  return stays ? 'cleared' : 'deleted';
}

/** True where the path still is what could have the privilege. */
function staysKind(ledger: Ledger, event: number, directory: boolean): boolean {
  if (ledger.isDeletion(event)) return false;
  const { layer, entry } = ledger.placeOf(event);
  return ledger.entriesOf(layer).type(entry) === (directory ? EntryType.directory : EntryType.file);
}

function isSetuid(privilege: Privilege | null): boolean {
  return privilege !== null && (privilege.setuid || privilege.setgid);
}

function hasCapability(privilege: Privilege | null): boolean {
  return privilege !== null && privilege.capability !== null;
}

function samePrivilege(a: Privilege, b: Privilege): boolean {
  if (a.setuid !== b.setuid || a.setgid !== b.setgid) return false;
  if (a.capability === null || b.capability === null) return a.capability === b.capability;
  return Buffer.compare(a.capability, b.capability) === 0;
}
