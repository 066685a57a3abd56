import { generateKeyPairSync } from 'node:crypto';
import type { RandomText, Rule } from '../rule.ts';
import { base58Check } from '../validators/base58.ts';
import { BASE64, HEX } from './alphabet.ts';
import { free, type FreeFacts } from './build.ts';

const RFC7468 = 'https://www.rfc-editor.org/rfc/rfc7468';
const BEGIN = ['-----BE', 'GIN '].join('');
const DASHES = '-----';
const KEY = ['PRIVATE', ' KEY'].join('');
/** The pattern matches only the header; the validator reads the rest. */
const HEADER_REACH = 120;

/** A block as in RFC 7468 §2, with a body that need not parse. */
function block(label: string, body: Uint8Array, width = 64): string {
  const lines =
    Buffer.from(body)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [`${BEGIN}${label}${DASHES}`, ...lines, `${DASHES}END ${label}${DASHES}`, ''].join('\n');
}

function fresh(type: 'pkcs8' | 'sec1', passphrase?: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const options = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return privateKey.export({ format: 'pem', type, ...options }) as string;
}

function freshRsa(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return privateKey.export({ format: 'pem', type: 'pkcs1' }) as string;
}

function freshDsa(): string {
  const { privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return block(`DSA ${KEY}`, der);
}

function openssh(random: RandomText): string {
  const text = (value: string | Uint8Array): Buffer => {
    const body = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const { publicKey } = generateKeyPairSync('ed25519');
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const blob = Buffer.concat([text('ssh-ed25519'), text(point)]);
  const check = random.bytes(4);
  const inner = [check, check, blob, text(Buffer.concat([random.bytes(32), point])), text('demo')];
  const head = [
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    Buffer.from([0, 0, 0, 1]),
  ];
  return block(`OPENSSH ${KEY}`, Buffer.concat([...head, text(blob), text(Buffer.concat(inner))]), 70);
}

function putty(random: RandomText): string {
  return [
    'PuTTY-User-Key-File-3: ssh-ed25519',
    'Encryption: none',
    'Comment: demo',
    'Public-Lines: 2',
    random.text(BASE64.characters, 64),
    `${random.text(BASE64.characters, 43)}=`,
    'Private-Lines: 1',
    `${random.text(BASE64.characters, 47)}=`,
    `Private-MAC: ${random.text(HEX.characters, 64)}`,
    '',
  ].join('\n');
}

/** RFC 4716 §3 uses four dashes and spaces. */
function ssh2(random: RandomText): string {
  const body = Buffer.from(random.bytes(200)).toString('base64');
  const label = `SSH2 ENCRYPTED ${KEY}`;
  return [`---- BEGIN ${label} ----`, ...(body.match(/.{1,70}/g) ?? []), `---- END ${label} ----`, ''].join(
    '\n',
  );
}

function pem(
  id: string,
  title: string,
  label: string,
  example: (random: RandomText) => string,
  more: Partial<FreeFacts> = {},
): Rule {
  return free('keys', {
    id,
    title,
    anchors: [{ text: `${BEGIN}${label}` }],
    pattern: `${BEGIN}${label}${DASHES}`,
    left: 'none',
    validator: 'private-key',
    severity: 'critical',
    reach: HEADER_REACH,
    references: [RFC7468],
    example,
    ...more,
  });
}

/** Private keys in all their file formats. */
export const KEY_RULES: readonly Rule[] = [
  pem('private-key-pkcs8', 'Private key (PKCS #8)', KEY, () => fresh('pkcs8')),
  pem(
    'private-key-pkcs8-encrypted',
    'Private key (PKCS #8, encrypted)',
    `ENCRYPTED ${KEY}`,
    () => fresh('pkcs8', 'demo'),
    { severity: 'medium' },
  ),
  pem('private-key-rsa', 'RSA private key', `RSA ${KEY}`, () => freshRsa()),
  pem('private-key-ec', 'EC private key', `EC ${KEY}`, () => fresh('sec1')),
  pem('private-key-dsa', 'DSA private key', `DSA ${KEY}`, () => freshDsa()),
  pem('private-key-openssh', 'OpenSSH private key', `OPENSSH ${KEY}`, openssh, {
    references: ['https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key'],
  }),
  pem(
    'private-key-cosign',
    'Sigstore private key (encrypted)',
    `ENCRYPTED (?:SIGSTORE|COSIGN) ${KEY}`,
    (random) => block(`ENCRYPTED SIGSTORE ${KEY}`, random.bytes(400)),
    {
      anchors: [{ text: `${BEGIN}ENCRYPTED SIGSTORE` }, { text: `${BEGIN}ENCRYPTED COSIGN` }],
      severity: 'medium',
      references: ['https://docs.sigstore.dev'],
    },
  ),
  pem(
    'private-key-other',
    'Private key of another kind',
    '',
    (random) => block(`ANY ${KEY}`, random.bytes(64)),
    {
      anchors: [{ text: BEGIN }],
      pattern: `${BEGIN}[A-Z0-9][A-Z0-9 ]{0,30} ${KEY}${DASHES}`,
      severity: 'high',
    },
  ),
  pem('private-key-ssh2', 'SSH2 private key', '', ssh2, {
    anchors: [{ text: '---- BEGIN SSH2 ENCRYPTED' }],
    pattern: `---- BEGIN SSH2 ENCRYPTED ${KEY} ----`,
    severity: 'high',
    references: ['https://www.rfc-editor.org/rfc/rfc4716'],
  }),
  pem(
    'private-key-pgp',
    'PGP private key',
    `PGP ${KEY} BLOCK`,
    (random) =>
      block(`PGP ${KEY} BLOCK`, Buffer.concat([Buffer.from([0x95, 0x01, 0x20, 4]), random.bytes(300)])),
    {
      validator: 'pgp-key',
      references: ['https://www.rfc-editor.org/rfc/rfc9580'],
    },
  ),
  free('keys', {
    id: 'private-key-putty',
    title: 'PuTTY private key',
    anchors: [{ text: 'PuTTY-User-Key-File-' }],
    pattern: 'PuTTY-User-Key-File-[123]: [a-z0-9@.-]{3,40}',
    validator: 'putty-key',
    severity: 'critical',
    reach: HEADER_REACH,
    references: ['https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html'],
    example: putty,
  }),
  free('keys', {
    id: 'wireguard-private-key',
    title: 'WireGuard private key',
    anchors: [{ text: 'PrivateKey' }, { text: 'PresharedKey' }],
    pattern:
      '(?:PrivateKey|PresharedKey)[ \\t]{0,8}=[ \\t]{0,8}([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])',
    validator: 'random',
    severity: 'critical',
    confidence: 'high',
    references: ['https://www.wireguard.com/quickstart/'],
    example: (random) => `[Interface]\nPrivateKey = ${Buffer.from(random.bytes(32)).toString('base64')}\n`,
  }),
  pem(
    'openvpn-static-key',
    'OpenVPN static key',
    'OpenVPN Static key V1',
    (random) =>
      [
        `${BEGIN}OpenVPN Static key V1${DASHES}`,
        ...Array.from({ length: 16 }, () => random.text(HEX.characters, 32)),
        `${DASHES}END OpenVPN Static key V1${DASHES}`,
      ].join('\n'),
    {
      severity: 'high',
      references: ['https://openvpn.net/community-resources/'],
    },
  ),
  free('keys', {
    id: 'minisign-secret-key',
    title: 'minisign or signify secret key',
    anchors: [{ text: 'untrusted comment: ' }],
    pattern:
      'untrusted comment: [^\\r\\n]{0,80}secret key[^\\r\\n]{0,80}\\r?\\n(RW[A-Za-z0-9+/]{100,280}={0,2})',
    left: 'none',
    severity: 'high',
    confidence: 'high',
    references: ['https://jedisct1.github.io/minisign/'],
    example: (random) =>
      `untrusted comment: minisign encrypted secret key\nRW${random.text(BASE64.characters, 210)}==\n`,
  }),
  free('keys', {
    id: 'json-web-key-private',
    title: 'Private JSON Web Key',
    anchors: [{ text: '"kty"' }],
    pattern: '"kty"\\s{0,4}:\\s{0,4}"(?:RSA|EC|OKP|oct)"',
    left: 'none',
    validator: 'json-web-key',
    severity: 'critical',
    references: ['https://www.rfc-editor.org/rfc/rfc7517'],
    example: () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      return JSON.stringify(privateKey.export({ format: 'jwk' }));
    },
  }),
  free('keys', {
    id: 'bip32-private-key',
    title: 'Wallet master key (BIP 32)',
    anchors: [{ text: 'xprv' }, { text: 'tprv' }, { text: 'zprv' }, { text: 'yprv' }],
    pattern: '[xtyz]prv[1-9A-HJ-NP-Za-km-z]{107,108}(?![A-Za-z0-9])',
    left: 'word',
    validator: 'base58check',
    severity: 'critical',
    references: ['https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki'],
    example: (random) =>
      base58Check(
        Buffer.concat([
          Buffer.from('0488ade4', 'hex'),
          Buffer.alloc(9),
          random.bytes(32),
          Buffer.from([0]),
          random.bytes(32),
        ]),
      ),
  }),
  free('keys', {
    id: 'dotnet-rsa-key',
    title: 'RSA private key in XML (.NET)',
    anchors: [{ text: '<RSAKeyValue>' }],
    pattern:
      '<RSAKeyValue>(?:\\s{0,40}<(?:Modulus|Exponent|P|Q|DP|DQ|InverseQ)>[A-Za-z0-9+/=\\s]{2,1500}</(?:Modulus|Exponent|P|Q|DP|DQ|InverseQ)>){2,7}\\s{0,40}<D>([A-Za-z0-9+/=\\s]{80,1500})</D>',
    left: 'none',
    severity: 'critical',
    confidence: 'high',
    reach: 6000,
    references: ['https://learn.microsoft.com/en-us/dotnet/api/system.security.cryptography.rsa.toxmlstring'],
    example: (random) => {
      const part = (name: string, length: number): string =>
        `<${name}>${Buffer.from(random.bytes(length)).toString('base64')}</${name}>`;
      return `<RSAKeyValue>${part('Modulus', 128)}${part('Exponent', 3)}${part('P', 64)}${part('Q', 64)}${part('DP', 64)}${part('DQ', 64)}${part('InverseQ', 64)}${part('D', 128)}</RSAKeyValue>`;
    },
  }),
  free('keys', {
    id: 'tor-onion-secret-key',
    title: 'Tor onion service secret key',
    anchors: [{ text: '== ed25519v1-secret: type0 ==' }],
    pattern: '== ed25519v1-secret: type0 ==\\x00{3}',
    left: 'none',
    confidence: 'high',
    references: ['https://spec.torproject.org/rend-spec/'],
    example: (random) => `== ed25519v1-secret: type0 ==\0\0\0${random.text(BASE64.characters, 64)}`,
  }),
  free('keys', {
    id: 'ansible-vault',
    title: 'Ansible vault (encrypted)',
    anchors: [{ text: '$ANSIBLE_VAULT;1.' }],
    pattern: '\\$ANSIBLE_VAULT;1\\.[12];AES256[^\\r\\n]{0,80}\\r?\\n\\s{0,20}[0-9a-f]{32,80}',
    left: 'none',
    severity: 'low',
    confidence: 'high',
    references: ['https://docs.ansible.com/ansible/latest/vault_guide/'],
    example: (random) => `$ANSIBLE_VAULT;1.1;AES256\n${random.text(HEX.characters, 80)}\n`,
  }),
];
