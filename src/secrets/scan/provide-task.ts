import { provideTask } from '../../layer/job.ts';

/** Name of the secret scan among the tasks of layer jobs. */
export const SECRETS_TASK = 'secrets';

/** Registers the secret scan on this thread. Call it once on each thread that runs it. */
export function provideSecretsTask(): void {
  provideTask(SECRETS_TASK, () => import('./secrets-task.ts'));
}
