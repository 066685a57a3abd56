import type { Playbook } from './playbook.ts';

export const CLOUD: Playbook = {
  id: 'cloud',
  title: 'Key of a cloud or hosting provider',
  rules:
    /^(?:mongodb-atlas|digitalocean|heroku|cloudflare|alibaba|tencent|yandex|netlify|vercel|render|fly|tailscale|supabase|scaleway|exoscale|backblaze|neon|cloudinary|fastly|linode|vultr|hetzner|ibm|ovh|ngrok|railway)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key in the console of the provider and make a new one that may do only what is needed. End the sessions that it has opened.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look through the audit log and the bill since the image was built: machines, buckets, users, DNS records and keys that nobody you know has made.',
      commands: [],
    },
  ],
  cites: ['The audit log pages of the provider', 'NIST SP 800-61'],
};
