import { describe, expect, it } from 'vitest';
import { isKeyFingerprint, isSecretName, nameWords } from '../../src/secrets/names.ts';

const list = (text: string): string[] => text.trim().split(/\s+/);

const SECRETS = list(`
  PASSWORD password Passwd DB_PASSWORD db-password db.password dbPassword dbpassword DBPassword PGPASSWORD
  ADMIN_PASSWORD KEYCLOAK_ADMIN_PASSWORD SONAR_WEB_ADMIN_PASSWORD DJANGO_SUPERUSER_PASSWORD adminPassword
  REDIS_CACHE_PASSWORD STORAGE_SECRET_KEY PAYMENT_PROVIDER_SECRET TOMCAT_MANAGER_PASSWORD TOMCAT_MANAGER_PASS
  SERVICE_TOKEN STATE_TOKEN LIMITS_API_TOKEN FILE_STORE_PASSWORD METHOD_SECRET COLUMN_STORE_PASSWORD
  MYSQL_ROOT_PASSWORD MYSQL_PWD POSTGRES_PASSWORD_PROD DB_PASSWORD_2 DB_PASSWORD1 spring.datasource.password
  spring.mail.password SECRET_KEY SECRET_KEY_BASE DJANGO_SECRET_KEY CLIENT_SECRET clientSecret JWTSecret
  COOKIE_SECRET SESSION_SECRET HEADER_SIGNING_SECRET AWS_SECRET_ACCESS_KEY AZURE_STORAGE_KEY ACCOUNT_KEY API_KEY
  apiKey api-key API-KEY APIKEY OPENAI_API_KEY STRIPE_SECRET_KEY RECAPTCHA_SECRET_KEY ENCRYPTION_KEY
  TOKEN_SIGNING_KEY PASSWORD_RESET_SIGNING_KEY TOKEN_CACHE_ENCRYPTION_KEY MASTER_KEY PRIVATE_KEY LICENSE_KEY APP_KEY
  SSH_PRIVATE_KEY GPG_PRIVATE_KEY GPG_PASSPHRASE GITHUB_TOKEN NPM_TOKEN _authToken NPM_CONFIG_AUTHTOKEN
  VAULT_TOKEN CI_JOB_TOKEN REFRESH_TOKEN ACCESS_TOKEN TOKEN_GITHUB SENTRY_AUTH_TOKEN WHATSAPP_VERIFY_TOKEN
  DB_CREDENTIALS AWS_CREDS BASIC_AUTH NPM_AUTH DB_PASS dbpass ROOT_PW PASS_PHRASE PASSWORD_SALT
  EMAIL_HOST_PASSWORD KEYSTORE_PASSWORD TRUSTSTORE_PASSWORD HEALTH_CHECK_TOKEN CONFIG_SERVER_PASSWORD
`);

const HARMLESS = list(`
  PASSWORD_MIN_LENGTH PASSWORD_MAX_AGE PASSWORD_HASHERS PASSWORD_HASH PASSWORD_FILE DB_PASSWORD_FILE PASSWORD_RESET_URL
  PASSWORD_POLICY PASSWORD_STRENGTH PASSWORD_ENCRYPTION PASSWORD_STORE_DIR PASSWORD_AUTHENTICATION passwordField
  passwordLabel passwordEncoder MYSQL_ALLOW_EMPTY_PASSWORD ALLOW_EMPTY_PASSWORD REQUIRE_PASSWORD isPassword
  resetPassword TOKEN_TTL TOKEN_ISSUER TOKEN_URL TOKEN_TYPE TOKEN_VERSION TOKEN_EXPIRY TOKEN_COUNT MAX_TOKENS
  OPENAI_MAX_TOKENS TOKENS_PER_MINUTE TOKENIZER tokenizer PAD_TOKEN NEXT_TOKEN OAUTH_TOKEN_ENDPOINT ACCESS_TOKEN_LIFETIME
  accessTokenExpiresIn TOKEN_LIFETIME_SECONDS SSH_AUTH_SOCK AUTH_MODE AUTH_URL AUTH_METHOD AUTH_BACKEND
  AUTH_PROVIDER DISABLE_AUTH AUTHOR AUTHENTICATION_BACKENDS XAUTHORITY CACHE_KEY_PREFIX CACHE_KEY SORT_KEY sortKey
  PARTITION_KEY PRIMARY_KEY FOREIGN_KEY AWS_ACCESS_KEY_ID KEY_ID SIGNING_KEY_ID SSH_KEY_PATH KEY_FILE KEY_NAME
  PUBLIC_KEY SSH_PUBLIC_KEY NEXT_PUBLIC_API_KEY RECAPTCHA_SITE_KEY STRIPE_PUBLISHABLE_KEY ROUTING_KEY
  KEYBOARD KEYBOARD_LAYOUT MONKEY KEYSTORE KEYRING KEY_VAULT_NAME ANSIBLE_HOST_KEY_CHECKING SECRET_NAME
  SECRET_VERSION SECRETS_DIR SECRET_PATH SECRETS_MANAGER SECRET_PROVIDER SECRETARY CREDENTIALS_FILE
  GOOGLE_APPLICATION_CREDENTIALS_PATH CREDENTIAL_STORE BYPASS COMPASS COMPASS_URL PASS_THROUGH PASSENGER
  PATH HOME LANG HOSTNAME VERSION SALTSTACK_VERSION
`);

describe('secret-like names', () => {
  it.each<[string, string[]]>([
    ['DB_ADMIN_PASSWORD', ['db', 'admin', 'password']],
    ['dbAdminPassword', ['db', 'admin', 'password']],
    ['db-admin.password', ['db', 'admin', 'password']],
    ['HTTPServerKey', ['http', 'server', 'key']],
    ['DB_PASS_WORD', ['db', 'password']],
    ['', []],
  ])('splits %s into words', (name, words) => {
    expect(nameWords(name)).toEqual(words);
  });

  it('has enough examples of both kinds', () => {
    expect(Math.min(new Set(SECRETS).size, new Set(HARMLESS).size)).toBeGreaterThanOrEqual(60);
  });

  it.each(SECRETS)('accepts %s as the name of a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(HARMLESS)('rejects %s as the name of a secret', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('isKeyFingerprint', () => {
  const digits = 'A035C8C19219BA821ECEA86B64E628F8D684696D';

  it.each([
    ['GPG_KEY', digits],
    ['GPG_KEY', `0x${digits.toLowerCase()}`],
    ['GPG_KEY', digits.replaceAll(/(.{4})(?=.)/g, '$1 ')],
    ['PGP_KEY', digits.slice(0, 8)],
    ['NODE_GPG_KEY', digits.slice(0, 16)],
    ['GNUPG_KEY', digits],
    ['GPG_KEYS', `${digits} ${digits}`],
    ['KEY_ID', digits.slice(0, 32)],
    ['SIGNING_KEY_FINGERPRINT', digits],
    ['gpgKey', digits],
  ])('accepts %s=%s', (name, value) => {
    expect(isKeyFingerprint(name, value)).toBe(true);
  });

  it.each([
    ['API_KEY', digits],
    ['MYGPG_KEY', digits],
    ['GPG_PASSPHRASE', digits],
    ['GPG_PRIVATE_KEY', digits],
    ['KEY_ID_SECRET', digits],
    ['GPG_KEY', digits.slice(0, 12)],
    ['GPG_KEY', `${digits.slice(0, 39)}z`],
    ['GPG_KEY', ''],
  ])('rejects %s=%s', (name, value) => {
    expect(isKeyFingerprint(name, value)).toBe(false);
  });
});
