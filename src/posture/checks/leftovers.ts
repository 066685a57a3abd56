import type { Check, Failure } from '../check.ts';
import type { Subject } from '../subject.ts';

const LEFTOVERS: readonly (readonly [key: string, pattern: RegExp, severity: Failure['severity']])[] = [
  ['.git', /^(.*\/\.(?:git|svn|hg))\/(?:HEAD|entries|wc\.db|store)$/, 'medium'],
  ['.env', /\/\.env(?:\.[\w-]+)?$/, 'medium'],
  ['.npmrc', /\/(?:\.npmrc|\.pypirc|\.netrc|\.pgpass|\.git-credentials)$/, 'medium'],
  // authorized_keys files are reported by the ssh-server check.
  ['.ssh', /\/\.(?:ssh\/(?!authorized_keys2?$)|(?:aws|kube|gnupg|docker)\/)[^/]+$/, 'medium'],
  // Caches of package managers are reported by the package-cache check.
  ['.cache', /\/\.cache\/(?!(?:pip|yarn|pnpm)\/)/, 'low'],
  ['history', /\/\.(?:bash|zsh|python|mysql|psql|node_repl|sqlite)_history$/, 'low'],
  ['Dockerfile', /\/(?:Dockerfile|Containerfile)(?:\.[\w-]+)?$|\/(?:docker-)?compose\.ya?ml$/, 'low'],
  ['terraform', /\.tfstate(?:\.backup)?$|\/\.terraform\/[^/]+$/, 'high'],
  ['swap', /\/\.[^/]+\.sw[op]$|~$/, 'low'],
  ['core', /\/core(?:\.\d+)?$/, 'medium'],
];
/** Paths of third-party files: documentation, language packages, and example files. */
const VENDOR =
  /\/(?:node_modules|site-packages|dist-packages|vendor|gems|usr\/share|usr\/lib|usr\/include|proc|sys)\/|\.env\.(?:example|sample|template|dist)$/;

export const leftovers: Check = {
  id: 'leftovers',
  title: 'Leftover file (.git, .env, .aws)',
  severities: ['high', 'medium', 'low'],
  sources: ['files'],
  references: ['dockle DKL-LI-0003'],
  advice: ['Add it to .dockerignore, and copy only what is needed.'],
  run(subject) {
    const found = new Map<string, number[]>();
    for (const event of subject.fileEvents()) {
      const path = subject.pathOf(event);
      if (VENDOR.test(path) || subject.originOfEvent(event) === 'base') continue;
      const key = LEFTOVERS.find(([, pattern]) => pattern.test(path))?.[0];
      // A core dump is never executable; a program may be called core.
      if (key === 'core' && isProgram(subject, event)) continue;
      if (key === undefined) continue;
      const known = found.get(key);
      if (known === undefined) found.set(key, [event]);
      else known.push(event);
    }
    return [...found].map(([key, events]): Failure => ({
      key,
      severity: LEFTOVERS.find(([name]) => name === key)![2],
      reason:
        events.length === 1
          ? subject.pathOf(events[0]!)
          : `${events.length} files like ${subject.pathOf(events[0]!)}`,
      at: events.map((event) => ({ kind: 'file', event })),
    }));
  },
};

function isProgram({ ledger }: Subject, event: number): boolean {
  const { entry, layer } = ledger.placeOf(event);
  return (ledger.entriesOf(layer).mode(entry) & 0o111) !== 0;
}
