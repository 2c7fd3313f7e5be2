// @ts-nocheck
// Stryker loads plugins with a bare `import`, in its main process and in every worker; the runner is TypeScript.
import { register } from 'tsx/esm/api';

register();
const { InProcessRunner, optionsSchema } = await import('./runner.ts');

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
export const strykerValidationSchema = optionsSchema;
