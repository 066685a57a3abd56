import type { Playbook } from './playbook.ts';

export const PACKAGE_INDEX: Playbook = {
  id: 'package-index',
  title: 'Package index token',
  rules: /^(?:gemfury|pypi|rubygems|crates|cargo|nuget|artifactory|jfrog|hex|clojars|packagist)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the token in the account settings of the index and create a new one for a single project.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review every release since the image was built, in every package that the token can write to. Yank releases that are not yours.',
      commands: [],
    },
  ],
  cites: ['PyPI Help, API tokens', 'RubyGems Guides, API key scopes', 'The Cargo Book, Publishing'],
};
