import type { Playbook } from './playbook.ts';

export const CLOUD: Playbook = {
  id: 'cloud',
  title: 'Cloud or hosting provider key',
  rules:
    /^(?:mongodb-atlas|digitalocean|heroku|cloudflare|alibaba|tencent|yandex|netlify|vercel|render|fly|tailscale|supabase|scaleway|exoscale|backblaze|neon|cloudinary|fastly|linode|vultr|hetzner|ibm|ovh|ngrok|railway)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key in the provider console and create a new one with the fewest permissions. End the sessions that it opened.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review the audit log and the bill since the image was built for machines, buckets, users, DNS records and keys that you do not recognize.',
      commands: [],
    },
  ],
  cites: ['Provider documentation, audit log', 'NIST SP 800-61'],
};
