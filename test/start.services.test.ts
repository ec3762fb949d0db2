import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needsInstall, nodeProblem } from '../scripts/set-up.mjs';
import { bundle } from './support/bundle.ts';
import { eventually } from './support/eventually.ts';
import { type Demo, type Started, start, startDemo } from './support/start-demo.ts';
import { type Services, servicesAtHand } from './support/usher.ts';

/** The chat clients of a data folder that live, by the folder that each works in. */
async function chatClientsIn(dataDir: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_pid, index) => folders[index]?.startsWith(`${dataDir}/`)).map(Number);
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

const temporary: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-start-'));
  temporary.push(folder);
  return folder;
};
afterAll(() => Promise.all(temporary.map((folder) => rm(folder, { recursive: true, force: true }))));

/** It ends with exit code 1 and one sentence, which says what to do. */
async function expectRefusal({ ended, output }: Started, sentence: RegExp): Promise<void> {
  expect(await ended).toBe(1);
  expect(output().trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
}

/** What `npm start` comes to once it has loaded, which is where most of its time goes. */
let compiled: string[];
beforeAll(async () => {
  compiled = [process.execPath, ...(await bundle('dev/start.ts'))];
});

describe('npm start', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo?.stop());

  it('tells where the start page, the three chats in Teams and Slack are, which all can be opened', async () => {
    const urls = [demo.url, demo.slack, ...Object.values(demo.chats)];
    expect(new Set(urls).size).toBe(5);
    for (const url of urls) expect(await answers(url), url).toBe(true);
    expect(await chatClientsIn(demo.dataDir)).toHaveLength(3);
  });

  it('gives each chat to one person, in a folder of the data folder', async () => {
    expect((await readdir(join(demo.dataDir, 'playground'))).sort()).toEqual(['administrator', 'approver', 'guest']);
  });

  it('lets nothing but this machine into a chat, and a chat’s page reach nothing else', async () => {
    const { headers } = await fetch(demo.chats.guest);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    const foreign = await fetch(demo.chats.guest, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    const { port } = new URL(demo.chats.guest);
    for (const { address, family, internal } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
      if (family === 'IPv4' && !internal) expect(await answers(`http://${address}:${port}`), address).toBe(false);
  });

  it('refuses a data folder that another one has open, which goes on', async () => {
    const second = start({ DATA_DIR: demo.dataDir, PORT: '0' }, compiled);
    await expectRefusal(second, /^Usher did not start\. The data folder .* is in use by another Usher\./);
    expect(await answers(demo.url)).toBe(true);
    expect(await chatClientsIn(demo.dataDir)).toHaveLength(3);
  });

  it('refuses a port that is taken, and leaves no chat behind', async () => {
    const folder = await newFolder();
    const { port } = new URL(demo.url);
    await expectRefusal(start({ DATA_DIR: folder, PORT: port }, compiled), /^Usher did not start\. Port \d+ is taken/);
    expect(await chatClientsIn(folder)).toEqual([]);
  });

  it('refuses a setting that is wrong, and starts nothing', async () => {
    const folder = await newFolder();
    await expectRefusal(start({ DATA_DIR: folder, PORT: 'abc' }), /^Usher did not start\. PORT must be a port number/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('npm start, when it is stopped', () => {
  let folder: string;
  let services: Services;
  let demo: Demo;
  beforeAll(async () => {
    folder = await newFolder();
    services = await servicesAtHand();
  });
  afterAll(() => services?.dispose());
  // One that a failure has left running would keep the folder from the next.
  afterEach(() => demo?.stop());

  const expectAllGone = async ({ url, slack, chats }: Demo) => {
    await eventually(async () => (await chatClientsIn(folder)).length === 0, 'the end of the chat clients');
    for (const address of [url, slack, ...Object.values(chats)]) expect(await answers(address), address).toBe(false);
  };

  // One data folder for all: each goes on where the one before it was.
  it.each<
    readonly [string, NodeJS.Signals, { readonly everyone?: true; readonly npm?: true; readonly services?: true }]
  >([
    ['a Ctrl-C, which reaches every process of the terminal', 'SIGINT', { everyone: true }],
    ['a SIGINT to the parent alone, on services', 'SIGINT', { services: true }],
    // The chats notice by themselves.
    ['a kill', 'SIGKILL', {}],
    ['a SIGTERM, on services', 'SIGTERM', { services: true }],
    ['a Ctrl-C on npm', 'SIGINT', { everyone: true, npm: true }],
  ])('leaves nothing behind after %s, and goes on when it is started again', async (_what, signal, how) => {
    const env = { DATA_DIR: folder, ...(how.services ? services.env : {}) };
    demo = await startDemo({ env, command: how.npm ? ['npm', 'start'] : compiled });
    expect(await answers(demo.url)).toBe(true);
    const pid = demo.child.pid as number;
    process.kill(how.everyone ? -pid : pid, signal);
    const code = await demo.ended;
    if (signal !== 'SIGKILL' && !how.npm) expect(code).toBe(0);
    await expectAllGone(demo);
  });
});

describe('the set-up before it', () => {
  it.each(['18.20.0', '20.18.3'])('names the Node.js that is needed on %s', (version) => {
    expect(nodeProblem(version)).toMatch(/^Usher needs Node\.js 20\.19 or newer, and this is /);
  });

  it.each(['20.19.0', '20.20.2', '22.1.0', '24.0.0'])('takes Node.js %s', (version) => {
    expect(nodeProblem(version)).toBeNull();
  });

  it('installs where nothing is installed, and nowhere else', async () => {
    const folder = await newFolder();
    expect(needsInstall('package-lock.json', join(folder, 'none.json'))).toBe(true);
    expect(needsInstall('package-lock.json', 'package-lock.json')).toBe(false);
  });
});
