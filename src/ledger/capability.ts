/** Linux capability names by bit (include/uapi/linux/capability.h). */
const NAMES = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable ' +
  'net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot ' +
  'sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease ' +
  'audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read ' +
  'perfmon bpf checkpoint_restore'
).split(' ');

/**
 * The capabilities that `security.capability` gives to a process that runs the file (capabilities(7), "File
 * capabilities").
 */
export interface FileCapability {
  readonly version: 1 | 2 | 3;
  /** Whether the permitted capabilities take effect at once: one bit for all of them. */
  readonly effective: boolean;
  /** Names with the prefix `cap_`; a bit that has no name yet is `cap_63`, for example. */
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  /** User id that is root in the user namespace that the capability is for; 0 except in version 3. */
  readonly rootid: number;
}

/** By version: the number of 32-bit words in each set, and the exact length of the attribute in bytes. */
const FORMS = {
  1: { words: 1, length: 12 },
  2: { words: 2, length: 20 },
  3: { words: 2, length: 24 },
} as const;

/**
 * Decodes a `security.capability` attribute (struct vfs_cap_data, little-endian): version and flags, then a
 * permitted and an inheritable word for bits 0 to 31, and another pair for bits 32 to 63. Version 3 ends with the
 * root user id.
 * @returns null if the version is not 1 to 3, or the length does not match the version
 */
export function parseCapability(value: Uint8Array): FileCapability | null {
  if (value.length < 4) return null;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const header = view.getUint32(0, true);
  const version = header >>> 24;
  if (version !== 1 && version !== 2 && version !== 3) return null;
  const { words, length } = FORMS[version];
  if (value.length !== length) return null;
  const permitted: string[] = [];
  const inheritable: string[] = [];
  for (let bit = 0; bit < words * 32; bit++) {
    const at = 4 + (bit >>> 5) * 8;
    const name = `cap_${NAMES[bit] ?? bit}`;
    if ((view.getUint32(at, true) >>> (bit & 31)) & 1) permitted.push(name);
    if ((view.getUint32(at + 4, true) >>> (bit & 31)) & 1) inheritable.push(name);
  }
  return {
    version,
    effective: (header & 1) === 1,
    permitted,
    inheritable,
    rootid: version === 3 ? view.getUint32(20, true) : 0,
  };
}

/**
 * Returns the text of a `security.capability` attribute in the notation of cap_text_formats(7), with one clause
 * for each set of flags: `cap_net_raw+ep`, `cap_chown+p cap_kill+ip`. A root user id other than 0 follows in
 * brackets.
 */
export function capabilityText(value: Uint8Array): string {
  const capability = parseCapability(value);
  if (capability === null) return 'unreadable capability';
  const { effective, permitted, inheritable, rootid } = capability;
  const clauses = new Map<string, string[]>();
  for (const name of new Set([...permitted, ...inheritable])) {
    // The kernel raises a capability when the program starts only if it is in one of the two sets.
    const flags =
      (effective ? 'e' : '') +
      (inheritable.includes(name) ? 'i' : '') +
      (permitted.includes(name) ? 'p' : '');
    const names = clauses.get(flags);
    if (names === undefined) clauses.set(flags, [name]);
    else names.push(name);
  }
  const text = [...clauses].map(([flags, names]) => `${names.join(',')}+${flags}`).join(' ');
  const shown = text === '' ? 'none' : text;
  return rootid === 0 ? shown : `${shown} [rootid=${rootid}]`;
}
