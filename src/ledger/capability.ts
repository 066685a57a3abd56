/** Linux capability names by bit (include/uapi/linux/capability.h). */
const NAMES = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable ' +
  'net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot ' +
  'sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease ' +
  'audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read ' +
  'perfmon bpf checkpoint_restore'
).split(' ');

/** The text of a `security.capability` attribute (versions 1 to 3), as getcap prints it. */
export function capabilityText(value: Uint8Array): string {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value.length < 12) return 'unreadable capability';
  const header = view.getUint32(0, true);
  const version = header >>> 24;
  const effective = (header & 1) === 1;
  const words = version === 1 ? 1 : 2;
  if (version < 1 || version > 3 || value.length < 4 + words * 8) return 'unreadable capability';
  let permitted = 0n;
  let inheritable = 0n;
  for (let word = 0; word < words; word++) {
    permitted |= BigInt(view.getUint32(4 + word * 8, true)) << BigInt(32 * word);
    inheritable |= BigInt(view.getUint32(8 + word * 8, true)) << BigInt(32 * word);
  }
  const groups = new Map<string, string[]>();
  for (let bit = 0; bit < 64; bit++) {
    const mask = 1n << BigInt(bit);
    const flags =
      (effective && (permitted & mask) !== 0n ? 'e' : '') +
      ((inheritable & mask) !== 0n ? 'i' : '') +
      ((permitted & mask) !== 0n ? 'p' : '');
    if (flags === '') continue;
    const names = groups.get(flags) ?? [];
    names.push(`cap_${NAMES[bit] ?? bit}`);
    groups.set(flags, names);
  }
  const text = [...groups].map(([flags, names]) => `${names.join(',')}=${flags}`).join(' ');
  const root = version === 3 && value.length >= 24 ? view.getUint32(20, true) : 0;
  return root === 0 ? text : `${text} [rootid=${root}]`;
}
