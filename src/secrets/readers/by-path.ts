import type { RawHit } from '../raw-hit.ts';
import {
  readAwsCredentials,
  readEnv,
  readGitCredentials,
  readIniPasswords,
  readNetrc,
  readNpmrc,
  readPgpass,
} from './credential-files.ts';
import { readDockerConfig, readTerraformState } from './json-files.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { readSecretFile } from './secret-file.ts';
import { readHtpasswd, readMasterKey, readShadow, readWpConfig } from './password-files.ts';
import { PATH_WORDS } from './path-words.ts';
import { readShellHistory } from './shell-history.ts';
import { withLines } from './text-fields.ts';

/** Returns the hits in the text of a whole file, decoded as latin1. */
export type Reader = (text: string) => RawHit[];

/** Larger files are scanned by the rules only. */
export const MAX_READ = 4 * 1024 * 1024;

/** A pattern of paths, its reader, and a cheap test that rejects most paths before the pattern is tried. */
const READERS: readonly (readonly [RegExp, Reader, RegExp?])[] = [
  [/(?:^|\/)\.?npmrc$/, readNpmrc],
  [/(?:^|\/)[._]netrc$/, readNetrc],
  [/(?:^|\/)\.pypirc$/, readIniPasswords('pypirc', 'Python package index login (.pypirc)')],
  [
    /(?:^|\/)\.my\.cnf$|(?:^|\/)debian\.cnf$/,
    readIniPasswords('mysql-options', 'Password in a MySQL option file'),
  ],
  [/(?:^|\/)\.?pgpass(?:\.conf)?$/, readPgpass],
  [/(?:^|\/)\.git-credentials$|(?:^|\/)\.config\/git\/credentials$/, readGitCredentials],
  [
    /(?:^|\/)\.docker\/config\.json$|(?:^|\/)\.dockercfg$|(?:^|\/)containers\/auth\.json$|(?:^|\/)\.dockerconfigjson$/,
    readDockerConfig,
  ],
  [
    /(?:^|\/)\.kube\/config$|(?:^|\/)[\w.-]*kubeconfig[\w.-]*$|(?:^|\/)etc\/kubernetes\/[\w.-]+\.conf$/,
    readKubeconfig,
    /kube/,
  ],
  [/(?:^|\/)\.aws\/(?:credentials|config)$/, readAwsCredentials],
  [/(?:^|\/)\.env(?:\.[\w.-]+)?$|(?:^|\/)[\w.-]+\.env$/, readEnv, /\.env/],
  [/\.tfstate(?:\.backup)?$/, readTerraformState],
  [/(?:^|\/)wp-config\.php$/, readWpConfig],
  [/(?:^|\/)\.?htpasswd[\w.-]*$/, readHtpasswd],
  [/^\/?etc\/g?shadow-?$|(?:^|\/)etc\/shadow[-~.\w]*$/, readShadow],
  [
    /(?:^|\/)\.(?:bash|zsh|sh|ash|ksh|python|mysql|psql|rediscli|node_repl)_history$|(?:^|\/)(?:fish_history|ConsoleHost_history\.txt)$|(?:^|\/)\.histfile$/,
    readShellHistory,
  ],
  [
    /^(?!.*\/(?:etc|s?bin|pam\.d|completions)\/passwd$)(?:.*\/)?\.?[\w-]{0,40}(?:password|passwd|passphrase|secret|token|credential|api[_-]?key)s?(?:\.(?:txt|key|pass|secret|token|conf))?$|(?:^|\/)\.vault[_-]pass$/i,
    readSecretFile,
    /pass|secret|token|credential|key/i,
  ],
  [/(?:^|\/)config\/(?:master|credentials\/[\w-]+)\.key$/, readMasterKey],
];

/** Most paths need only this one test. */
const ANY_READER = new RegExp(PATH_WORDS.join('|').replaceAll('.', String.raw`\.`), 'i');

/**
 * Returns the reader for a path.
 * @param path in the image, with or without the leading slash
 * @returns null if no reader handles such files
 */
export function readerFor(path: string): Reader | null {
  if (!ANY_READER.test(path)) return null;
  const reader = READERS.find(([pattern, , word]) => word?.test(path) !== false && pattern.test(path))?.[1];
  return reader === undefined ? null : (text) => withLines(text, reader(text));
}
