import type { Playbook } from './playbook.ts';

export const DATABASE: Playbook = {
  id: 'database',
  title: 'Database or service password',
  rules: /mysql|url-password|database|pgpass|redis|aiven|mongo(?!db-atlas)|postgres/,
  steps: [
    {
      phase: 'revoke',
      text: 'Create a new user, move the services to it, drop the old user and end its sessions: a password change does not close open sessions.',
      commands: [
        'CREATE ROLE <NEW USER> LOGIN PASSWORD …; GRANT … ;',
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '<OLD USER>';",
        'DROP ROLE <OLD USER>;',
      ],
    },
    {
      phase: 'check',
      text: 'Review the connection log for addresses that are not yours, and determine what was read.',
      commands: [],
    },
  ],
  cites: ['PostgreSQL Documentation, DROP ROLE; Server Signaling Functions'],
};
