/** Programs that distributions ship setuid, setgid or with capabilities, because they need them to work. */
const EXPECTED_NAMES = (
  'su mount umount passwd chsh chfn newgrp gpasswd chage expiry unix_chkpwd pam_extrausers_chkpwd ' +
  'pam_timestamp_check ssh-agent ssh-keysign wall write write.ul bsd-write crontab at dotlockfile ' +
  'fusermount fusermount3 newuidmap newgidmap dbus-daemon-launch-helper polkit-agent-helper-1 pkexec ping ' +
  'ping6 arping clockdiff mtr-packet bbsuid utempter locate mlocate plocate userhelper chrome-sandbox'
).split(' ');
const EXPECTED: ReadonlySet<string> = new Set(EXPECTED_NAMES);
/** Where distributions install them. A `su` in /tmp is not one of them. */
const SYSTEM = /^\/(?:usr\/)?(?:s?bin|lib(?:exec|32|64)?)\//;

/** Programs that run arbitrary commands: if setuid, every caller gets the rights of the owner. */
const SHELL =
  /\/(?:(?:ba|da|a|z|k|mk|c|tc|fi)?sh|busybox|toybox|python[\d.]*|perl[\d.]*|ruby[\d.]*|node(?:js)?|php[\d.]*|lua[\d.]*|tclsh[\d.]*|[gm]?awk|vim?|vim\.\w+|nano|less|more|find|env|nmap|gdb|tar|cp|dd|docker|systemctl)$/;

/** Capabilities that do not lead to root. */
const MILD: ReadonlySet<string> = new Set(['cap_net_bind_service', 'cap_net_raw', 'cap_ipc_lock']);

/** Reports whether distributions ship a privileged program at a path. */
export function isExpected(path: string): boolean {
  return SYSTEM.test(path) && EXPECTED.has(path.slice(path.lastIndexOf('/') + 1));
}

/** Reports whether a program can run arbitrary commands, such as a shell, an interpreter or an editor. */
export function runsAnything(path: string): boolean {
  return SHELL.test(path);
}

/** Reports whether none of the capabilities leads to root. An unreadable set counts as dangerous. */
export function areMild(permitted: readonly string[] | null): boolean {
  return permitted !== null && permitted.every((name) => MILD.has(name));
}
