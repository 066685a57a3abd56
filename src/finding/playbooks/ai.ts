import type { Playbook } from './playbook.ts';

export const AI: Playbook = {
  id: 'ai',
  title: 'AI provider key',
  rules:
    /^(?:openai|anthropic|huggingface|groq|xai|replicate|perplexity|openrouter|langsmith|nvidia|pinecone|fireworks|llamacloud|tavily|jina|e2b|cerebras|langfuse|wandb|elevenlabs|cohere|mistral|together|deepseek|deepgram|assemblyai|stability)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key in the provider console and create a new one with the fewest permissions. Set a spending limit.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Review usage and cost per day since the image was built. Review the files, datasets and models that the key could read or change.',
      commands: [],
    },
  ],
  cites: ['Provider documentation, API keys', 'NIST SP 800-61'],
};
