import type { Rule } from '../rule.ts';
import { BASE62, BASE64, BASE64URL, HEX, LOWER, type Alphabet } from './alphabet.ts';
import { escapePattern, free, named, run, shapeExample, UUID } from './build.ts';

const SIGNATURES = 'https://learn.microsoft.com/en-us/purview/sit-defn-all-creds';

interface Signed {
  readonly id: string;
  readonly title: string;
  /** Fixed characters that the service puts at a fixed position in its keys. */
  readonly signatures: readonly string[];
  /** Number of characters before and after the signature, and the end of the key. */
  readonly before: number;
  readonly after: number;
  readonly end: string;
  readonly alphabet?: Alphabet;
  readonly severity?: Rule['severity'];
}

/**
 * Returns a rule for a key with a signature inside: the signature is the anchor, with the rest found around
 * it.
 */
function signed(facts: Signed): Rule {
  const alphabet = facts.alphabet ?? BASE64;
  const signatures = facts.signatures.map(escapePattern).join('|');
  return free('azure', {
    id: facts.id,
    title: facts.title,
    anchors: facts.signatures.map((text) => ({ text })),
    pattern: `[${alphabet.set}]{${facts.before}}(?:${signatures})[${alphabet.set}]{${facts.after}}${facts.end}(?![=${alphabet.set}])`,
    start: { at: 'before', bytes: facts.before },
    gate: { kind: 'before', set: alphabet.set, min: facts.before },
    left: 'base64',
    validator: 'random',
    severity: facts.severity ?? 'high',
    confidence: 'high',
    references: [SIGNATURES],
    example: (random) =>
      random.text(alphabet.characters, facts.before) +
      facts.signatures[random.below(facts.signatures.length)]! +
      random.text(alphabet.characters, facts.after) +
      facts.end,
  });
}

/** Microsoft Azure and Entra. */
export const AZURE_RULES: readonly Rule[] = [
  signed({
    id: 'azure-storage-key',
    title: 'Azure Storage, Batch or Cosmos DB key',
    signatures: ['+ASt', 'ACDb', '+ABa', '+AMC'],
    before: 76,
    after: 6,
    end: '==',
    severity: 'critical',
  }),
  signed({
    id: 'azure-messaging-key',
    title: 'Azure messaging, IoT or API gateway key',
    signatures: ['+ASb', '+AEh', '+ARm', 'AIoT', 'APIM'],
    before: 33,
    after: 6,
    end: '=',
  }),
  signed({
    id: 'azure-cache-key',
    title: 'Azure Cache for Redis key',
    signatures: ['AzCa'],
    before: 33,
    after: 6,
    end: '=',
  }),
  signed({
    id: 'azure-registry-key',
    title: 'Azure Container Registry password',
    signatures: ['+ACR'],
    before: 42,
    after: 6,
    end: '',
  }),
  signed({
    id: 'azure-function-key',
    title: 'Azure Functions key',
    signatures: ['AzFu'],
    before: 44,
    after: 6,
    end: '==',
    alphabet: BASE64URL,
  }),
  signed({
    id: 'azure-search-key',
    title: 'Azure AI Search admin key',
    signatures: ['AzSe'],
    before: 42,
    after: 6,
    end: '',
    alphabet: BASE62,
  }),
  signed({
    id: 'azure-common-key',
    title: 'Azure key with common annotation',
    signatures: ['JQQJ99'],
    before: 52,
    after: 26,
    end: '',
    alphabet: BASE62,
  }),
  free('azure', {
    id: 'azure-client-secret',
    title: 'Microsoft Entra client secret',
    anchors: [{ text: '8Q~' }, { text: '7Q~' }],
    pattern: '[A-Za-z0-9_.~-]{3}[78]Q~[A-Za-z0-9_.~-]{31,34}(?![A-Za-z0-9_.~-])',
    start: { at: 'before', bytes: 3 },
    left: 'base64',
    validator: 'random',
    severity: 'critical',
    confidence: 'high',
    references: [SIGNATURES],
    example: (random) => `${random.text(BASE62.characters, 3)}8Q~${random.text(BASE62.characters, 34)}`,
  }),
  free('azure', {
    id: 'azure-account-key',
    title: 'Azure storage connection string',
    anchors: [{ text: 'AccountKey=' }],
    pattern: 'AccountKey=([A-Za-z0-9+/]{86}==)',
    left: 'none',
    validator: 'random',
    severity: 'critical',
    confidence: 'high',
    references: [
      'https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string',
    ],
    example: (random) =>
      `DefaultEndpointsProtocol=https;AccountName=demo;AccountKey=${random.text(BASE64.characters, 86)}==`,
  }),
  free('azure', {
    id: 'azure-shared-access-key',
    title: 'Azure shared access key',
    anchors: [{ text: 'SharedAccessKey=' }],
    pattern: 'SharedAccessKey=([A-Za-z0-9+/]{43}=)',
    left: 'word',
    validator: 'random',
    confidence: 'high',
    references: ['https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-sas'],
    example: (random) => `SharedAccessKeyName=Root;SharedAccessKey=${random.text(BASE64.characters, 43)}=`,
  }),
  free('azure', {
    id: 'azure-shared-access-signature',
    title: 'Azure shared access signature',
    anchors: [{ text: 'sig=' }],
    pattern: 'sig=((?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd]))',
    left: 'word',
    validator: 'random',
    severity: 'medium',
    confidence: 'medium',
    strong: false,
    references: ['https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview'],
    example: (random) => `?sv=2024-01-01&sp=r&sig=${random.text(BASE62.characters, 43)}%3D`,
  }),
  free('azure', {
    id: 'azure-app-configuration',
    title: 'Azure App Configuration string',
    anchors: [{ text: '.azconfig.io;Id=' }],
    pattern: '\\.azconfig\\.io;Id=[A-Za-z0-9+/:_-]{4,40};Secret=([A-Za-z0-9+/]{36,100}={0,2})',
    left: 'none',
    references: ['https://learn.microsoft.com/en-us/azure/azure-app-configuration/'],
    example: (random) =>
      `Endpoint=https://demo.azconfig.io;Id=${random.text(BASE62.characters, 4)};Secret=${random.text(BASE64.characters, 43)}=`,
  }),
  named('azure', {
    id: 'azure-devops-token',
    title: 'Azure DevOps personal access token',
    words: ['azure_devops', 'azdo', 'vsts', 'system_accesstoken'],
    suffix: '_PAT',
    shape: [run(LOWER, 52)],
    references: ['https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/'],
  }),
  named('azure', {
    id: 'azure-openai-key',
    title: 'Azure OpenAI or Cognitive Services key',
    words: ['azure_openai', 'cognitive_services', 'azure_api', 'azureopenai'],
    suffix: '_KEY',
    shape: [run(HEX, 32)],
    references: ['https://learn.microsoft.com/en-us/azure/ai-services/'],
  }),
  free('azure', {
    id: 'azure-logic-app-url',
    title: 'Azure Logic Apps signed trigger URL',
    anchors: [{ text: '.logic.azure.com' }],
    pattern:
      '\\.logic\\.azure\\.com(?::443)?/workflows/[0-9a-f]{32}/triggers/[A-Za-z0-9_-]{1,64}/paths/invoke\\?[A-Za-z0-9_.%&=/-]{0,200}?sig=([A-Za-z0-9_-]{43})',
    left: 'none',
    severity: 'medium',
    confidence: 'high',
    references: ['https://learn.microsoft.com/en-us/azure/logic-apps/'],
    example: (random) =>
      `https://prod-01.westeurope.logic.azure.com:443/workflows/${random.text(HEX.characters, 32)}/triggers/manual/paths/invoke?api-version=2016-10-01&sig=${random.text(BASE64URL.characters, 43)}`,
  }),
  free('azure', {
    id: 'teams-webhook',
    title: 'Microsoft Teams incoming webhook',
    anchors: [{ text: '.webhook.office.com/webhookb2/' }],
    pattern: `\\.webhook\\.office\\.com/webhookb2/([0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-f-]{36})`,
    left: 'none',
    severity: 'medium',
    confidence: 'high',
    references: ['https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/'],
    example: (random) => {
      const id = (): string => shapeExample(UUID, random);
      return `https://demo.webhook.office.com/webhookb2/${id()}@${id()}/IncomingWebhook/${random.text(HEX.characters, 32)}/${id()}`;
    },
  }),
];
