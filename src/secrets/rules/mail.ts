import type { Rule } from '../rule.ts';
import { BASE62, BASE64URL, HEX } from './alphabet.ts';
import { free, nameds, run, tokens, UUID } from './build.ts';

const HIGH = { confidence: 'high' } as const;

/** Mail and text message services. */
export const MAIL_RULES: readonly Rule[] = [
  ...tokens('mail', [
    ['sendgrid-key', 'SendGrid API key', 'SG.', [run(BASE64URL, 22), '.', run(BASE64URL, 43)], 'https://www.twilio.com/docs/sendgrid', { ...HIGH, severity: 'critical' }],
    ['mailgun-key', 'Mailgun API key', 'key-', [run(HEX, 32)], 'https://documentation.mailgun.com', { validator: 'random' }],
    ['brevo-key', 'Brevo API key', 'xkeysib-', [run(HEX, 64), '-', run(BASE62, 16)], 'https://developers.brevo.com', HIGH],
    ['brevo-smtp-key', 'Brevo SMTP key', 'xsmtpsib-', [run(HEX, 64), '-', run(BASE62, 16)], 'https://developers.brevo.com', HIGH],
    ['resend-key', 'Resend API key', 're_', [run(BASE62, 8), '_', run(BASE62, 24)], 'https://resend.com/docs', { validator: 'random' }],
    ['mailersend-token', 'MailerSend API token', 'mlsn.', [run(HEX, 64)], 'https://developers.mailersend.com', HIGH],
    ['courier-key', 'Courier auth token', 'pk_prod_', [run({ set: 'A-Z0-9', characters: 'ABCDEFGHJKMNPQRSTVWXYZ0123456789' }, 28)], 'https://www.courier.com/docs'],
    ['klaviyo-key', 'Klaviyo private key', 'pk_', [run(HEX, 34)], 'https://developers.klaviyo.com', { validator: 'random' }],
  free('mail', {
    id: 'mailchimp-key',
    title: 'Mailchimp API key',
    anchors: [{ text: '-us1' }, { text: '-us2' }, ...[3, 4, 5, 6, 7, 8, 9].map((n) => ({ text: `-us${n}` }))],
    pattern: '[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])',
    start: { at: 'before', bytes: 32 },
    confidence: 'high',
    references: ['https://mailchimp.com/developer/'],
    example: (random) => `${random.text(HEX.characters, 32)}-us${1 + random.below(9)}`,
  }),
  ...nameds('mail', [
    ['twilio-auth-token', 'Twilio auth token', ['twilio'], '_AUTH_TOKEN', [run(HEX, 32)], 'https://www.twilio.com/docs/iam/api'],
    ['twilio-api-key', 'Twilio API key id', ['twilio'], '_API_KEY', ['SK', run(HEX, 32)], 'https://www.twilio.com/docs/iam/api-keys', { severity: 'medium' }],
    ['mailgun-signing-key', 'Mailgun key', ['mailgun'], '_API_KEY', [run(HEX, 32), '-', run(HEX, 8), '-', run(HEX, 8)], 'https://documentation.mailgun.com'],
    ['postmark-token', 'Postmark server token', ['postmark'], '_SERVER_TOKEN', UUID, 'https://postmarkapp.com/developer'],
    ['mailjet-secret', 'Mailjet key', ['mailjet', 'mj_apikey'], '_SECRET_KEY', [run(HEX, 32)], 'https://dev.mailjet.com'],
    ['sparkpost-key', 'SparkPost API key', ['sparkpost'], '_API_KEY', [run(HEX, 40)], 'https://developers.sparkpost.com'],
    ['vonage-secret', 'Vonage API secret', ['vonage', 'nexmo'], '_API_SECRET', [run(BASE62, 16)], 'https://developer.vonage.com'],
    ['messagebird-key', 'MessageBird access key', ['messagebird'], '_ACCESS_KEY', [run(BASE62, 25)], 'https://developers.messagebird.com'],
    ['plivo-token', 'Plivo auth token', ['plivo'], '_AUTH_TOKEN', [run(BASE62, 40, 60)], 'https://www.plivo.com/docs'],
    ['pushover-token', 'Pushover token', ['pushover'], '_TOKEN', ['a', run(BASE62, 29)], 'https://pushover.net/api', { severity: 'low' }],
    ['onesignal-key', 'OneSignal REST key', ['onesignal'], '_REST_API_KEY', [run(BASE62, 48)], 'https://documentation.onesignal.com'],
    ['aws-ses-smtp', 'Amazon SES SMTP password', ['ses_smtp', 'smtp_pass'], '_PASSWORD', ['B', run(BASE62, 43)], 'https://docs.aws.amazon.com/ses/'],
    ['zoom-secret', 'Zoom client secret', ['zoom'], '_CLIENT_SECRET', [run(BASE62, 32)], 'https://developers.zoom.us'],
  ]),
];
