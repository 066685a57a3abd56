import type { RandomText, Rule } from '../rule.ts';
import { BASE62 } from './alphabet.ts';
import { free } from './build.ts';

/** Matches from a word in a name to the separator: the rest of the name, quotes, brackets, spaces. */
const TO_SEPARATOR = `[A-Za-z0-9_.-]{0,40}\\\\?["'\`\\])]{0,3}[ \\t]{0,8}(?:=>|:=|\\?=|[:=])[ \\t]{0,8}`;
/** In double quotes, in single quotes (optionally after a backslash), or bare up to the next space. */
const VALUE = `(?:\\\\?"([^"\\r\\n\\\\]{4,256})\\\\?"|'([^'\\r\\n\\\\]{4,256})'|([^\\s"'\`<>;,&|(){}[\\]\\\\]{4,256}))`;

function assignment(
  id: string,
  title: string,
  words: readonly string[],
  example: (random: RandomText) => string,
  severity: Rule['severity'],
): Rule {
  return free('assignments', {
    id,
    title,
    anchors: words.map((text) => ({ text, ignoreCase: true })),
    pattern: TO_SEPARATOR + VALUE,
    start: { at: 'after' },
    gate: { kind: 'assigned' },
    left: 'none',
    validator: 'assignment',
    severity,
    confidence: 'low',
    strong: false,
    references: ['https://cwe.mitre.org/data/definitions/798.html'],
    example,
  });
}

/** Values of secret-like names, for values that no other rule recognizes. */
export const ASSIGNMENT_RULES: readonly Rule[] = [
  assignment(
    'password-assignment',
    'Password',
    ['password', 'passwd', 'passphrase', '_pass', 'pwd'],
    (random) => `DB_PASSWORD=${random.text(BASE62.characters, 18)}`,
    'high',
  ),
  assignment(
    'secret-assignment',
    'Secret',
    ['secret', 'credential'],
    (random) => `session_secret: "${random.text(BASE62.characters, 40)}"`,
    'high',
  ),
  assignment(
    'token-assignment',
    'Token',
    ['token', 'auth_key', 'authkey'],
    (random) => `"deploy_token": "${random.text(BASE62.characters, 32)}"`,
    'high',
  ),
  assignment(
    'key-assignment',
    'API or encryption key',
    [
      'api_key',
      'apikey',
      'api-key',
      'access_key',
      'accesskey',
      'private_key',
      'encryption_key',
      'signing_key',
      'master_key',
      'account_key',
    ],
    (random) => `INTERNAL_API_KEY='${random.text(BASE62.characters, 32)}'`,
    'high',
  ),
  free('assignments', {
    id: 'password-option',
    title: 'Password on a command line',
    anchors: [{ text: '--password' }, { text: '--passwd' }, { text: '--token' }, { text: '--secret' }],
    pattern: `--(?:password|passwd|token|secret)[a-z-]{0,20}[ \\t]{1,4}["']?([^\\s"'\`<>;,&|(){}[\\]\\\\=-][^\\s"'\`<>;,&|(){}[\\]\\\\]{3,200})`,
    left: 'none',
    validator: 'assignment',
    confidence: 'low',
    strong: false,
    references: ['https://cwe.mitre.org/data/definitions/214.html'],
    example: (random) => `mysql --user app --password ${random.text(BASE62.characters, 18)} orders`,
  }),
  free('assignments', {
    id: 'curl-user',
    title: 'User and password in a curl command',
    anchors: [{ text: ' -u ' }, { text: ' --user ' }],
    pattern: ` -(?:u|-user)[ \\t]{1,4}["']?[A-Za-z0-9._@+-]{1,64}:([^\\s"'\`<>;,&|:]{4,128})`,
    left: 'none',
    validator: 'dsn-password',
    confidence: 'medium',
    strong: false,
    references: ['https://curl.se/docs/manpage.html#-u'],
    example: (random) => `curl -u deploy:${random.text(BASE62.characters, 18)} https://leaky.internal/`,
  }),
  free('assignments', {
    id: 'sshpass-option',
    title: 'Password for sshpass',
    anchors: [{ text: 'sshpass -p' }],
    pattern: `sshpass -p[ \\t]{0,4}["']?([^\\s"'\`<>;,&|]{4,128})`,
    left: 'word',
    validator: 'assignment',
    confidence: 'medium',
    strong: false,
    references: ['https://sourceforge.net/projects/sshpass/'],
    example: (random) => `sshpass -p ${random.text(BASE62.characters, 18)} ssh deploy@leaky.internal`,
  }),
  free('assignments', {
    id: 'docker-login-password',
    title: 'Password for docker login',
    anchors: [{ text: 'docker login' }, { text: 'podman login' }, { text: 'helm registry login' }],
    pattern: `(?:docker|podman|helm registry) login [^\\r\\n]{0,150}(?:-p|--password)[ =]["']?([^\\s"'\`<>;,&|]{4,128})`,
    left: 'none',
    validator: 'assignment',
    confidence: 'medium',
    strong: false,
    references: ['https://docs.docker.com/reference/cli/docker/login/'],
    example: (random) => `docker login -u deploy -p ${random.text(BASE62.characters, 18)} registry.example`,
  }),
  free('assignments', {
    id: 'chpasswd-input',
    title: 'Password piped to chpasswd',
    anchors: [{ text: 'echo ' }],
    pattern: `echo (?:-e )?["']?[a-z_][a-z0-9_-]{0,31}:([^\\s"'\`<>;,&|:]{4,128})["']?[ \\t]{0,4}\\|[ \\t]{0,4}(?:sudo )?chpasswd`,
    left: 'none',
    validator: 'dsn-password',
    confidence: 'medium',
    strong: false,
    references: ['https://manpages.debian.org/chpasswd.8'],
    example: (random) => `RUN echo "root:${random.text(BASE62.characters, 18)}" | chpasswd`,
  }),
];
