// `npm start`: Usher, and in the demo a chat client for each of three people. Everything stops with it.
import { startUsher } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { runProcess } from '../src/runtime/process.ts';
import type { ChatLink } from '../src/surfaces/web/start-page.ts';
import { demoOrganisation, demoTenantId, personas, seedDemo } from './demo-organisation.ts';
import { freePort, startPlaygrounds } from './playgrounds.ts';
import { startLocalSlack } from './slack.ts';

void runProcess(async () => {
  // The demo is for looking at: what a log would say, the pages and the chats show.
  const config = readConfig({ LOG_LEVEL: 'warn', ...process.env });
  const log = createLogger(config.logLevel);
  if (!config.demo) return startUsher({ config, log });

  let links: readonly ChatLink[] = [];
  const demo = { log, organisation: demoOrganisation, seed: seedDemo, chatLinks: () => links };
  const teams = config.teams && { ...config.teams, tenantId: demoTenantId };
  if (!config.roles.web) return startUsher({ ...demo, config: { ...config, teams } });
  // Known beforehand, so that Usher and the chat clients start side by side: a newcomer waits for both.
  const port = config.port || (await freePort());
  const slack = await startLocalSlack(`http://localhost:${port}`);
  const [usher, playgrounds] = await Promise.allSettled([
    startUsher({ ...demo, config: { ...config, port, teams, slack: slack.settings } }),
    startPlaygrounds({
      endpoint: `http://localhost:${port}/api/messages`,
      dir: config.dataDir,
      personas,
      tenantId: demoTenantId,
      log,
    }),
  ]);
  const stop = async () => {
    if (playgrounds.status === 'fulfilled') await playgrounds.value.stop();
    if (usher.status === 'fulfilled') await usher.value.stop();
    await slack.stop();
  };
  if (usher.status === 'rejected' || playgrounds.status === 'rejected') {
    await stop();
    throw usher.status === 'rejected' ? usher.reason : (playgrounds as PromiseRejectedResult).reason;
  }
  links = [...playgrounds.value.links.map((link) => ({ ...link, name: `Teams, ${link.name}` })), ...slack.links];
  const width = Math.max(...links.map(({ name }) => name.length));
  const ready = `
Usher is running: ${usher.value.url}

${links.map(({ name, url }) => `  ${name.padEnd(width)}  ${url}`).join('\n')}

Open the start page first: it says what to try, and shows the mails. Ctrl-C stops everything.
`;
  // Once signals are listened for, which is the next thing to happen: what it says has to be true.
  setImmediate(() => console.log(ready));
  return { stop };
});
