/** Programs that distributions ship setuid, setgid or with capabilities; each is needed by what it is for. */
const EXPECTED_NAMES = (
  'su mount umount passwd chsh chfn newgrp gpasswd chage expiry unix_chkpwd pam_extrausers_chkpwd ' +
  'pam_timestamp_check ssh-agent ssh-keysign wall write write.ul bsd-write crontab at dotlockfile ' +
  'fusermount fusermount3 newuidmap newgidmap dbus-daemon-launch-helper polkit-agent-helper-1 pkexec ping ' +
  'ping6 arping clockdiff mtr-packet bbsuid utempter locate mlocate plocate userhelper chrome-sandbox'
).split(' ');
const EXPECTED: ReadonlySet<string> = new Set(EXPECTED_NAMES);
/** Where distributions put them. A `su` in /tmp is none of theirs. */
const SYSTEM = /^\/(?:usr\/)?(?:s?bin|lib(?:exec|32|64)?)\//;

/** With these a caller becomes who the file belongs to, whatever else the file is for. */
const SHELL =
  /\/(?:(?:ba|da|a|z|k|mk|c|tc|fi)?sh|busybox|toybox|python[\d.]*|perl[\d.]*|ruby[\d.]*|node(?:js)?|php[\d.]*|lua[\d.]*|tclsh[\d.]*|[gm]?awk|vim?|vim\.\w+|nano|less|more|find|env|nmap|gdb|tar|cp|dd|docker|systemctl)$/;

/** Capabilities that give nothing but what their name says to a program that does only its own work. */
const MILD: ReadonlySet<string> = new Set(['cap_net_bind_service', 'cap_net_raw', 'cap_ipc_lock']);

/** Whether distributions ship a program of that path with privileges. */
export function isExpected(path: string): boolean {
  return SYSTEM.test(path) && EXPECTED.has(path.slice(path.lastIndexOf('/') + 1));
}

/** Whether a program runs whatever its caller wants: a shell, an interpreter, an editor and their like. */
export function runsAnything(path: string): boolean {
  return SHELL.test(path);
}

/** Whether capabilities are no way to become root. An unreadable set is. */
export function areMild(permitted: readonly string[] | null): boolean {
  return permitted !== null && permitted.every((name) => MILD.has(name));
}
