import type { Playbook } from './playbook.ts';

export const AI: Playbook = {
  id: 'ai',
  title: 'Key of a model provider',
  rules:
    /^(?:openai|anthropic|huggingface|groq|xai|replicate|perplexity|openrouter|langsmith|nvidia|pinecone|fireworks|llamacloud|tavily|jina|e2b|cerebras|langfuse|wandb|elevenlabs|cohere|mistral|together|deepseek|deepgram|assemblyai|stability)-/,
  steps: [
    {
      phase: 'revoke',
      text: 'Delete the key in the console of the provider and make a new one with the fewest rights; set a limit for what it may spend.',
      commands: [],
    },
    {
      phase: 'check',
      text: 'Look at usage and cost by day since the image was built, and at files, datasets and models that the key could read or change.',
      commands: [],
    },
  ],
  cites: ['The key pages of the provider', 'NIST SP 800-61'],
};
