import { userInfo } from 'node:os';
import { operatePolicy, startUsher } from './compose.ts';
import { readConfig } from './config.ts';
import { createLogger } from './runtime/logger.ts';
import { runProcess, startupSentence } from './runtime/process.ts';

const configured = () => readConfig(process.env);
const [tool, ...args] = process.argv.slice(2);
if (tool === 'policy') {
  try {
    process.exit(await operatePolicy({ config: configured(), args, operator: userInfo().username }));
  } catch (error) {
    console.error(startupSentence(error));
    process.exit(1);
  }
}

// The process of a production installation: the web server, the worker, or both.
await runProcess(async () => {
  const config = configured();
  return startUsher({ config, log: createLogger(config.logLevel) });
});
