import { provideTask } from '../../layer/job.ts';

/** Name of the search for credentials among the tasks of the layer jobs. */
export const SECRETS_TASK = 'secrets';

/** Makes the search known on this thread: once on each that is to do it. */
export function provideSecretsTask(): void {
  provideTask(SECRETS_TASK, () => import('./secrets-task.ts'));
}
