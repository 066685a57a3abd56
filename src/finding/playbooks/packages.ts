import type { Playbook } from './playbook.ts';

export const PACKAGE_INDEX: Playbook = {
  id: 'package-index',
  title: 'Token of a package index',
  rules: /^(?:gemfury|pypi|rubygems|crates|cargo|nuget|artifactory|jfrog|hex|clojars|packagist)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Remove the token in the account settings of the index and make a new one, limited to one project.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look at every release since the image was built, of every package that the token could write; yank what is not yours.',
      commands: [],
    },
  ],
  cites: ['PyPI Help, API tokens', 'RubyGems Guides, API key scopes', 'The Cargo Book, Publishing'],
};
