// `npm start`. The program runs in this very process, so that signals reach it and its exit code is the one that is seen.
import { setUp } from './set-up.mjs';

setUp();
// Only now are the packages there.
const { register } = await import('tsx/esm/api');
register();
await import('../dev/start.ts');
