import { startUsher } from './compose.ts';
import { readConfig } from './config.ts';
import { createLogger } from './runtime/logger.ts';
import { runProcess } from './runtime/process.ts';

// The process of a production installation: the web server, the worker, or both.
await runProcess(async () => {
  const config = readConfig(process.env);
  return startUsher({ config, log: createLogger(config.logLevel) });
});
