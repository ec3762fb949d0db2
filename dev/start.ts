// `npm start`: Usher, and in the demo a chat client for each of three people. Everything stops with it.
import { startUsher } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { runProcess } from '../src/runtime/process.ts';
import type { ChatLink } from '../src/surfaces/web/start-page.ts';
import { demoOrganisation, demoTenantId, personas, seedDemo } from './demo-organisation.ts';
import { startPlaygrounds } from './playgrounds.ts';

await runProcess(async () => {
  // The demo is for looking at: what a log would say, the pages and the chats show.
  const config = readConfig({ LOG_LEVEL: 'warn', ...process.env });
  const log = createLogger(config.logLevel);
  if (!config.demo) return startUsher({ config, log });

  let links: readonly ChatLink[] = [];
  const usher = await startUsher({
    config: { ...config, teams: { ...config.teams, tenantId: demoTenantId } },
    log,
    organisation: demoOrganisation,
    seed: seedDemo,
    chatLinks: () => links,
  });
  if (!config.roles.web) return usher;
  const playgrounds = await startPlaygrounds({
    endpoint: `http://localhost:${usher.port}/api/messages`,
    dir: config.dataDir,
    personas,
    tenantId: demoTenantId,
    log,
  }).catch(async (error: unknown) => {
    await usher.stop();
    throw error;
  });
  links = playgrounds.links;
  await playgrounds.ready;
  console.log(`
Usher is running: ${usher.url}

${links.map(({ name, url }) => `  ${name.padEnd(15)} ${url}`).join('\n')}

Open the start page first: it says what to try, and shows the mails. Ctrl-C stops everything.
`);
  return {
    stop: async () => {
      await playgrounds.stop();
      await usher.stop();
    },
  };
});
