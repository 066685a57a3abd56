import type { Playbook } from './playbook.ts';

export const DATABASE: Playbook = {
  id: 'database',
  title: 'Password of a database or service',
  rules: /mysql|url-password|database|pgpass|redis|aiven|mongo(?!db-atlas)|postgres/,
  steps: [
    {
      phase: 'revoke',
      text: 'Make a new user, move the services to it, drop the old one and end its sessions: changing the password leaves open sessions open.',
      commands: [
        'CREATE ROLE <NEW USER> LOGIN PASSWORD …; GRANT … ;',
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '<OLD USER>';",
        'DROP ROLE <OLD USER>;',
      ],
    },
    {
      phase: 'check',
      text: 'Look through the connections log for addresses that are not yours, and at what was read.',
      commands: [],
    },
  ],
  cites: ['PostgreSQL Documentation, DROP ROLE; Server Signaling Functions'],
};
