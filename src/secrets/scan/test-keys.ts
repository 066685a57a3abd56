/*
 * Test and example keys that ship with well-known packages. They are recognized by the fingerprint of the
 * public key. To add more, scan an image that contains a package and take `details.publicKey` of its
 * findings.
 */

/** Half a digest is enough: collisions are practically impossible. */
const DIGITS = 32;

/** The first half of each fingerprint in hexadecimal digits, by the package that the key ships with. */
const KEYS_OF: Readonly<Record<string, string>> = {
  CPython:
    '0a8b54336a8f109dbf0f1cf6f8ba46f9 3610893ac98cb708ebe91f3d7a7da48d 8064304dc78d97bb96dcf71c5edeb7ab ' +
    '990c02b92948ebe7dd937acf1ee7bda6 9e4456c9dc7098dc4330cc8f0f84f27f a0eb5a3d1414086256cfd994b4afe2c7 ' +
    'ab8e035b61375a026a577d38c424249b b27242ebec6d3db0ebbe05bb7c650a42 be4c89ae84278a5efc10bd6bfa615e3f ' +
    'c3e2fc4b8742a19c114912a4fcdd9d0c',
  Go: '226acd9b52f5731987d46521bbe02fa8 fc7575b99276181ddc2ceded6d0c4a42',
  'Google Cloud SDK':
    '15f827f9a2bd16bcb865bceae460c267 16957203721350fafa7a382dce532c75 329799340ca9e9cf146fbe9b234094c1 ' +
    '38e6053a316fcc97dd2e367c33e844b7 52eae116e12064eeb98a7cef2cf30a4c 7ed1483c0051bdf1c328a95573f31083 ' +
    '82f1794f17693e8f8017a801dee12ec7 9b445b3d3080b3a8520c7467af119ec4 a4d1449297eced86c308fbd4c46e7057 ' +
    'b17e903c67c71bc947f19cba8a6f06ae ba80a6b8632aa7aeaba53923fb196d87 bf7fe7a270746d8ca3234af72c896d2e ' +
    'de40cc4b0335addabe664e9d770f2548 fc74a5b691c55b7598fc8c3942f9be9a',
  'npm apn':
    '8a0103fe32b7cab5d140a1a199d072be 96ee9965ab3c8d800e8de2c7ced3dddf eadce0ce58f1877649ca196328db71c6',
  'npm browser-sync': '027ccdcaff80154b7bb55057357d5999',
  'npm grunt-contrib-connect': 'f7e6d9d6a0e18d4ba0526068f9a80e8a',
  'npm gulp-connect': 'dbab7fca5fbb51bbb1899b80bebf821d',
  'npm http-proxy': '3b40839eb1ae4664f3998d50d509f52a',
  'npm http2': '1dd19061484c9e1ca0a8eee2d5849e1c',
  'npm keypair': 'b03e0bd15881d52c061a4d27025dabc5',
  'npm mosca': '48b2b02f76484be9c6e68e0159a958de',
  'npm mqtt':
    'a252d09678b85d780f482de3ea4161cd cea8f7596aa9077974453ea745a23e4f d8ce68cc2e96ba327be5ab66da439242 ' +
    'e85bd2264096a77b33d8c8d954902872',
  'npm node-saml':
    '195d083bad23814f1d769a52e5a7b61a af69e08b4970e31444de6579fdc4de83 c9957023c57a1e7f519bc921e030825b',
  'npm public-encrypt':
    '43c504bfcb7a9b80f2976f6d77ab3b41 4a9106a002dbe82bef3fd449647485c9 5034d9eaf25118bb53d2ebb21ae81cc3 ' +
    '6abc29c310d9c042fd93e21828b81781 79d55b62f14e34e057a3baed33461056 8696b9761bc2c58c7462959d567c9936',
  'npm sails': 'c9202b25fd7e46d3ca9af0cf23c59942',
  'npm saml2-js': 'd8451f8bc553a96761f5b9ee19833204 eea7b98bd2c957e5af5afc0477191197',
  'npm ssh2':
    '0878d5aac0bcc97434358ba7cd76a2d0 22563db4d75814255f52081faaed6917 26e5b485b7b3f971ae5e744a35858f3c ' +
    '38b93740e8f51de1d527f1669dbf5e9e 40d12dff8f162b2e74950e937c09211b 422ebd44d79c00b459c3fc27fcc95022 ' +
    '424f2651f2bccc617b39c396182bf397 4a28a472172bdbffa6189d3283f2a37a 4d4dbdf6e1c983dbf339b4b204ef86eb ' +
    '4e535741facefcc64afb6fe719868241 4ee097a866c0e8efe6ebcd1d0cc8c72e 54d9020a84f62ebe1847f15a48c2a269 ' +
    '61951c5153f91ac5f496aa4b19f98e3e 703bd9e3353afe5484b670825e65e622 71199710d25d188b551908c86783d0e8 ' +
    '713e826b423fd1afb0ccc40a083b8862 7199777fdaaabee58bfc9eb983c5c8c8 8004df217856367f6dcbae349a0a76cb ' +
    '8d8827da491812cbecfccee9d4a07df4 96cebea8da598e002f40c89cf61b3352 9f01683ef827faffe3e7c71759df936a ' +
    'a076492515311199da5819e20f832748 a63f125b7c489a9e9d605dd2205d5d98 b03d9a22deb304b514220401e921aab2 ' +
    'b182638c9cd915756522ba0b06300d20 b55928710bd1995d825de60244919a8b b7d377335fda90f230b58e730805eef9 ' +
    'be48f2ec91dbfc244b4c33d16a326b73 c291e420f8ba14de973b0795817a3b47 ec42392724ce1857b035e22ad5fb04c8 ' +
    'ecf5c54afd394b8d34022710d21ff4eb f11960924ed755f95d16e48e2060acec',
  'npm ursa':
    'ad746d061a1c9dcaa8766210a4ee7452 d7414dec9a6f170416fafea51b0e7a45 ed466a0dfe64b504ae8001be389a8051',
  'npm webpack-dev-server': '56ee62779ab5ef00d14909e073cc857f ae90b57fcba826f7aec3be8eec4fa6b2',
  'npm wsfed': '454727d39e91d8fef1192d0c2b41c202',
  'PyPI acme':
    '509a5dd7bc3594d895e83daa92bb8c3a 622e9c5489d284d19b18fa96ba7598f3 7048081fc419f06945254f41c916ee42 ' +
    '8e7aa1f01c8a2252efbd462d6aa2d98f 97b6e715b7c15efd4d544b3a92051d4c 9cbd65e7390da7e40bc6f4ce86d76bb7',
  'PyPI autobahn': '555a2c1815cfa7f05cf098832fe375ce b10c838cdca7290a3dbdfbda39665169',
  'PyPI certbot':
    '075ac329a3ee37fed4b396453a8a7ead 2d18d3ccd1048ed4147d1d492a51c81b 572d6b7a80d1130efbc920064e360973 ' +
    '72d9c21a4df709bf20ba61fd9f6b2c92 8a8ad4dc0db30f8b93d91f84c7c611eb 9a673ee03a35d386bc0dd9362a527a6c ' +
    'd4d2475c259d3a057aba6e5666bcb679',
  'PyPI CherryPy': '6937377b4eb302b7efe0f7b674ed9d21',
  'PyPI cryptography-vectors':
    '01a68e69093b13c2b336247e62e544a5 02b09c79c77ddd8d5dcd17e8576be3c9 0335adfb26e0ded60b99764ed6e973aa ' +
    '06e3fd8fda29bb60ab59557de61edb0a 0da7a22bbe6316d428032d112b04a1f0 100329507e34f1e936f54b7820b2f559 ' +
    '1126f4f6a36fa5bb3710192ac461ad47 1510570ede7835495affac00d0f6485d 2391990aa611e5e333a6a37af8921d26 ' +
    '25a5b27fd5bbf1f86983a14834f4f157 28022069aa5f82c4dc2a904aea93225f 2b97052878668ae4f4217328c686c46e ' +
    '2c446dbe49a5a092ede8932a658f7e84 2f95601fa82060b909bfc6b979dbd303 2fb6d46385242ea4ad431f7175e7014e ' +
    '3abb44c517bcb80b00e42fb6c474a24c 47c86bcd79779e54a60c9b23b3417d55 50ca2d66204f94aa02856dbd2735805a ' +
    '569808922a25778128f01b7c44326307 5a7a78cca4a0f420d9bc62bb669c3c27 5ba5abe9df0de51e72d6bcd997c2f4dc ' +
    '5d863eeef77aaef1dd9dfed4ba4cac15 5e4bb10a5dd8bbdbb89a982e652dd84c 61a3b4b94f2800c8477d7c368b860c24 ' +
    '634784673473a7a88124666e7999bffe 677c3f51065a1b70ee122db662a0bf99 6a992362c153e73e2b12f003fb2af689 ' +
    '6f1127276010c8748066c2bc04328eef 701aa0b8af3043830b8cf6946db1bcf8 74957ba596aa072d2c885acf211190e4 ' +
    '792de42878462ff9c93d9215541ec98c 7b82da4d2e122e61f55351be15c0f710 7c0ffeb549385629f0a50522f214d81e ' +
    '7da130ba5b03d172ad14512edb9fa866 7f4a59b641bc5aff4c6110e1a3ce87f2 7f9e9b45f4ac3e03504a085cdf70f56a ' +
    '80c075ca5624fceb04b1835d9a1ea18d 81a56126a9fa72ad07573d3ef0706468 88a11e83c43da20f1482306e73f8f8e5 ' +
    '8caed50d2132cff9db4a48e7bac4c7f2 8d8b73b0661180d3a8f1023f01a0adac 927a2db4aff42c15a5c6f336703833cc ' +
    '929ba087f0858de349b50e39b1dd123a 94141af5f421877481ef54c7fc436437 99c7097b3cf6f67f038336dc3b45a128 ' +
    'a7718f655d7d87b0cd34d2482a5cf77f aa4304f2e198bcefa5a9bb258994afdb ae8ab9097237ff875e39ce216861566f ' +
    'b0660b729b1ab5572ed3b0a11caf86e2 b2e3a1bad8db457524d39f6b1eb7df52 b96292db093af7a33a92289b88403c9b ' +
    'b9ccc225af5cea70a3564d9403842835 bb31f6154882fca6f5536731de5920f6 bebb97e9de6feb61dfa6276ef373771c ' +
    'c2b212e67e25385dbd76b8a44efffa00 c77e64782f65c8c717b59c324402cba2 ccced940b46e0e93f450c43c41b6f2ac ' +
    'de228fea3d3eb9ef2801b94ca003d43e e5fc0fbc938cbb6358caae7f4108d254 ea336ced78029075d5bfa3f17b93c021 ' +
    'ed44792e85700ec7b303976284ca016e f2620a292aa7e168267c41202f24f0e8 fb4c1292fec9ffedde6e4d4400fd8b58',
  'PyPI future': '26d2841b8556aaf3cf1585c5b798b520 62ccf706d946ae02d82b87c691afac83',
  'PyPI gevent':
    '5ad9998793bbf038c562b117d04a32dd ea38a50b45447a19f2e640c6bbb7885f f762cc1fb7fbcdc51a53041be6f07f45',
  'PyPI jwcrypto':
    '06e3fd8fda29bb60ab59557de61edb0a 1b50d9a1d7f6619f0362fe9382506259 2bd1bb0c44a897c30a7aa0991cde38d8 ' +
    '325988e22f8f84cbb59d235541335a84 40c1237876f5e95b3234968b868f4353 51b944cdfa544d4c3273aa6bf350625a ' +
    '5712ee3d738b25a8186c92774bd02360 afced19652b8c879cd37c67a1902d40b eb28a65877d2b84b92a6a9b5fd762a45',
  'PyPI tornado': 'e2d06117d1b6d458bd3fca38bfe181e7',
  'PyPI twisted':
    '0a8e708c63073c79a888ea33c3d65d70 1414c23a8927ab4987cbe9297e763db4 173cfd71a8e276b2163268c31671dfac ' +
    '29e7dd3c21182881bad3b8d6c0240aa0 2bdbebbe6f851ff2a15dc678bc2ba4cb 4b8c7bc1ccd88b61622ed72ccf917962 ' +
    '5b3e68d986cacb13847099f56aefd468 7362c1b343cbbdacd975f842d05e40cf 7c99d2a6009c628618b1a05b9d68f560 ' +
    '94d71115241286373b1f722831bc4ec8 f22fa89aba60e51a21284678ae348069',
};

const packageOf = new Map(
  Object.entries(KEYS_OF).flatMap(([name, keys]) => keys.split(' ').map((key) => [key, name] as const)),
);

/**
 * Returns the reason why a key is a known test key, or null for any other key.
 * @param publicKey as in findings: `sha256:` and hex, OpenSSH's `SHA256:` and base64, or OpenPGP's hex
 */
export function testKeyReason(publicKey: string | undefined): string | null {
  if (publicKey === undefined) return null;
  const base64 = /^SHA256:(.+)$/.exec(publicKey)?.[1];
  const hex =
    base64 === undefined ? publicKey.replace(/^sha256:/, '') : Buffer.from(base64, 'base64').toString('hex');
  const name = packageOf.get(hex.toLowerCase().slice(0, DIGITS));
  return name === undefined ? null : `public test key that ships with ${name}`;
}
