import type { Check } from './check.ts';
import { accounts } from './checks/accounts.ts';
import { addInstruction } from './checks/add-instruction.ts';
import { attestation } from './checks/attestation.ts';
import { baseAge } from './checks/base-age.ts';
import { baseDigest } from './checks/base-digest.ts';
import { caches } from './checks/caches.ts';
import { uncheckedDownloads } from './checks/downloads.ts';
import { healthcheck } from './checks/healthcheck.ts';
import { latestTag } from './checks/latest-tag.ts';
import { leftovers } from './checks/leftovers.ts';
import { packageFiles } from './checks/package-files.ts';
import { privilegedFiles } from './checks/privileged-files.ts';
import { rootUser } from './checks/root-user.ts';
import { secretNames } from './checks/secret-names.ts';
import { sensitiveVolume } from './checks/sensitive-volume.ts';
import { signature } from './checks/signature.ts';
import { sshServer } from './checks/ssh-server.ts';
import { sudo } from './checks/sudo.ts';
import { systemFiles } from './checks/system-files.ts';
import { tools } from './checks/tools.ts';
import { updateAlone } from './checks/update-alone.ts';
import { waste } from './checks/waste.ts';
import { writableFiles } from './checks/writable-files.ts';

/** All checks, in report order. */
export const CHECKS: readonly Check[] = [
  rootUser,
  privilegedFiles,
  secretNames,
  accounts,
  systemFiles,
  packageFiles,
  writableFiles,
  sshServer,
  leftovers,
  uncheckedDownloads,
  sudo,
  addInstruction,
  updateAlone,
  caches,
  sensitiveVolume,
  healthcheck,
  latestTag,
  baseAge,
  baseDigest,
  tools,
  attestation,
  signature,
  waste,
];
