import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needsInstall, nodeProblem } from '../scripts/set-up.mjs';
import { eventually } from './support/eventually.ts';
import { type Demo, type Started, start, startDemo } from './support/start-demo.ts';

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

describe('npm start', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(() => demo?.stop());

  it('tells where the start page and the three chats are, which all can be opened', async () => {
    const urls = [demo.url, ...Object.values(demo.chats)];
    expect(new Set(urls).size).toBe(4);
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
    const second = start({ DATA_DIR: demo.dataDir, PORT: '0' });
    await expectRefusal(second, /^Usher did not start\. The data folder .* is in use by another Usher\./);
    expect(await answers(demo.url)).toBe(true);
    expect(await chatClientsIn(demo.dataDir)).toHaveLength(3);
  });

  it('refuses a port that is taken, and leaves no chat behind', async () => {
    const folder = await newFolder();
    const { port } = new URL(demo.url);
    await expectRefusal(start({ DATA_DIR: folder, PORT: port }), /^Usher did not start\. Port \d+ is taken/);
    expect(await chatClientsIn(folder)).toEqual([]);
  });

  it('refuses a setting that is wrong, and starts nothing', async () => {
    const folder = await newFolder();
    await expectRefusal(start({ DATA_DIR: folder, PORT: 'abc' }), /^Usher did not start\. PORT must be a port number/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('npm start, when it is stopped', () => {
  let demo: Demo | null = null;
  afterEach(async () => {
    await demo?.stop();
    demo = null;
  });

  const expectAllGone = async ({ dataDir, url, chats }: Demo) => {
    await eventually(async () => (await chatClientsIn(dataDir)).length === 0, 'the end of the chat clients', 10_000);
    for (const address of [url, ...Object.values(chats)]) expect(await answers(address), address).toBe(false);
  };

  it.each([
    ['a Ctrl-C, which reaches every process of the terminal', 'SIGINT', true],
    ['a SIGINT to the parent alone', 'SIGINT', false],
    ['a SIGTERM', 'SIGTERM', false],
  ] as const)('leaves nothing behind after %s', async (_what, signal, everyone) => {
    demo = await startDemo();
    process.kill(everyone ? -(demo.child.pid as number) : (demo.child.pid as number), signal);
    expect(await demo.ended).toBe(0);
    await expectAllGone(demo);
  });

  it('leaves nothing behind after a Ctrl-C on npm', async () => {
    demo = await startDemo({ command: ['npm', 'start'] });
    process.kill(-(demo.child.pid as number), 'SIGINT');
    await demo.ended;
    await expectAllGone(demo);
  });

  it('leaves no chat behind when it is killed', async () => {
    demo = await startDemo();
    demo.child.kill('SIGKILL');
    await expectAllGone(demo);
  });

  it('goes on where it was when it is started again', async () => {
    const folder = await newFolder();
    demo = await startDemo({ env: { DATA_DIR: folder } });
    await demo.stop();
    demo = await startDemo({ env: { DATA_DIR: folder } });
    expect(await answers(demo.url)).toBe(true);
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
