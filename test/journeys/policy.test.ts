import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPolicy } from '../../src/surfaces/cli/policy.ts';
import { servicesAtHand, startTestUsher, type TestUsher } from '../support/usher.ts';

describe('the policy file of the demo', () => {
  let t: TestUsher;
  let folder: string;
  beforeAll(async () => {
    t = await startTestUsher();
    folder = mkdtempSync(join(tmpdir(), 'usher-policy-'));
  });
  afterAll(async () => {
    await t?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...args: string[]) => {
    const said: string[] = [];
    const complaints: string[] = [];
    const exit = await runPolicy(args, {
      reads: t.usher.reads,
      execute: t.usher.pipeline.execute,
      clock: t.now,
      newId: randomUUID,
      operator: 'ops',
      say: (text) => said.push(text),
      complain: (text) => complaints.push(text),
    });
    return { exit, said: said.join('\n'), complaints: complaints.join('\n') };
  };
  const written = (text: string): string => {
    const path = join(folder, `${randomUUID()}.yaml`);
    writeFileSync(path, text);
    return path;
  };
  const exported = async () => (await run('export')).said;
  const stored = () => t.usher.reads.storedSettings();
  const newestEntries = async (take: number) =>
    (await t.usher.reads.auditAfter((await t.usher.reads.auditHead()).sequence - take, take)).reverse();

  it('is exported with people by their address, and changes nothing when it is applied', async () => {
    const text = await exported();
    expect(text).toContain('- role: Contributor\n    scope: /managementGroups/contoso\n');
    expect(text).toContain('- approver@contoso.example\n');
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    const before = await stored();
    for (const command of ['plan', 'apply'])
      expect(await run(command, written(text))).toMatchObject({
        exit: 0,
        said: expect.stringContaining('Nothing to change'),
      });
    expect(await stored()).toEqual(before);
  });

  it('is planned in words, with who is affected, and applied as it was planned, on the record as the operator’s', async () => {
    const path = written(
      'settings:\n  - role: Reader\n    scope: /subscriptions/production\n    activation: { maximum: 2h }\n    approval: { required: on }\n',
    );
    const plan = await run('plan', path);
    expect(plan.exit).toBe(2);
    expect(plan.said).toContain('Reader at /subscriptions/production, for everyone: set');
    expect(plan.said).toContain('Longest activation: 8 hours → 2 hours');
    expect(plan.said).toContain('Who is affected: 1 who may activate it, 0 who hold it.');
    expect(plan.said).toContain('Stage 1 asks 1 person at present');
    const id = /--plan (\w+)/.exec(plan.said)?.[1] as string;
    expect(await run('apply', path, '--plan', id)).toMatchObject({
      exit: 0,
      said: expect.stringContaining('Changed: 1.'),
    });
    expect(await newestEntries(1)).toMatchObject([
      {
        action: 'settings.change',
        actor: { personId: null, surface: 'cli', account: 'ops' },
        role: 'Reader',
        details: { 'before.activation.maximum': '8 hours', 'after.activation.maximum': '2 hours' },
      },
    ]);
    expect((await run('plan', path)).exit).toBe(0);
  });

  it('is not applied when the state has moved since it was planned', async () => {
    const path = written(
      'settings:\n  - role: Reader\n    scope: /subscriptions/production\n    activation: { maximum: 3h }\n',
    );
    const id = /--plan (\w+)/.exec((await run('plan', path)).said)?.[1] as string;
    const other = written(
      'settings:\n  - role: Reader\n    scope: /subscriptions/production\n    activation: { maximum: 4h }\n',
    );
    expect((await run('apply', other)).exit).toBe(0);
    const before = await stored();
    expect(await run('apply', path, '--plan', id)).toMatchObject({
      exit: 1,
      complaints: expect.stringContaining('Somebody else changed'),
    });
    expect(await stored()).toEqual(before);
  });

  it('leaves alone what it does not name, unless it is to be pruned', async () => {
    const text = await exported();
    const path = written(text.replace(/ {2}- role: Reader\n {4}scope: \/subscriptions[\s\S]*?(?= {2}- |$)/, ''));
    expect((await run('plan', path)).exit).toBe(0);
    const plan = await run('plan', path, '--prune');
    expect(plan).toMatchObject({
      exit: 2,
      said: expect.stringContaining('Reader at /subscriptions/production, for everyone: taken back'),
    });
    expect(await run('apply', path, '--prune')).toMatchObject({ exit: 0 });
    expect((await stored()).find(({ scopeId }) => scopeId === '/subscriptions/production')).toMatchObject({
      rules: null,
    });
  });

  const good = 'settings:\n  - role: Contributor\n    scope: /subscriptions/finance\n    activation: { ticket: on }\n';
  it.each([
    ['an unknown role', `${good}  - role: Contributer\n    scope: /\n`, ':5: settings.1: There is no role'],
    ['an unknown scope', `${good}  - role: Reader\n    scope: /nowhere\n`, ':5: settings.1: There is no scope'],
    [
      'a role where it can’t be',
      `${good}  - role: Guest Inviter\n    scope: /subscriptions/finance\n`,
      'can’t be held at',
    ],
    ['an unknown group', `${good}  - group: Nobody\n`, 'There is no group'],
    [
      'an unknown approver',
      `${good}  - role: Reader\n    scope: /\n    approval:\n      required: on\n      stage1:\n        approvers: [eve@evil.example]\n`,
      ':10: settings.1.approval.stage1.approvers: ',
    ],
    [
      'a value out of range',
      `${good}  - role: Reader\n    scope: /\n    activation:\n      maximum: 25h\n`,
      ':8: settings.1.activation.maximum: ',
    ],
    ['the same place twice', `${good}  - role: Contributor\n    scope: /subscriptions/finance\n`, ':5: settings.1: '],
    ['an unknown key', `${good}    activtion: {}\n`, ':2: settings.0 '],
    ['no YAML', 'settings: [', ':1'],
  ])('with %s changes nothing, and says where it is wrong', async (_what, text, words) => {
    const before = [await stored(), await t.usher.reads.auditHead()];
    const path = written(text);
    for (const command of ['plan', 'apply'])
      expect(await run(command, path)).toMatchObject({
        exit: 1,
        complaints: expect.stringMatching(/Nothing was changed\.$/),
      });
    expect((await run('plan', path)).complaints).toContain(`${path}${words.startsWith(':') ? words : ''}`);
    expect((await run('plan', path)).complaints).toContain(words);
    expect([await stored(), await t.usher.reads.auditHead()]).toEqual(before);
  });

  it.each([[[]], [['plan']], [['apply', 'a', 'b']], [['export', 'x']], [['plan', '--force', 'x']]])(
    'is explained when the words are wrong: %j',
    async (args) => {
      expect(await run(...args)).toMatchObject({
        exit: 1,
        complaints: expect.stringContaining('npm run policy -- plan FILE'),
      });
    },
  );

  it('is exported by the program itself, on whatever database it is given', async () => {
    const services = await servicesAtHand();
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'policy', 'export'], {
      env: { PATH: process.env.PATH, DATA_DIR: join(folder, 'data'), ...services.env },
    });
    let out = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    const exit = await new Promise((resolve) => child.once('exit', resolve));
    await services.dispose();
    expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringMatching(/settings: \[\]\n$/) });
  });
});
