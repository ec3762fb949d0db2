import { randomBytes } from 'node:crypto';
import type { Installation } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import {
  createInstallationStore,
  derivedSecret,
  ForeignWorkspace,
  NotInstalled,
  type SealedStore,
} from '../../../src/surfaces/slack/installations.ts';

const api = { revoke: async () => undefined };

const key = randomBytes(32);
const query = (teamId: string) => ({ teamId, enterpriseId: undefined, isEnterpriseInstall: false }) as const;
const installationOf = (id: string): Installation<'v2', false> => ({
  team: { id, name: id },
  enterprise: undefined,
  user: { token: undefined, refreshToken: undefined, expiresAt: undefined, scopes: undefined, id: 'U1' },
  bot: { token: `xoxb-of-${id}`, refreshToken: 'xoxe-1', expiresAt: 1, scopes: ['commands'], id: 'B1', userId: 'U0' },
  isEnterpriseInstall: false,
  appId: 'A1',
  authVersion: 'v2',
  tokenType: 'bot',
});

function inMemory(): SealedStore & { readonly rows: Map<string, Uint8Array> } {
  const rows = new Map<string, Uint8Array>();
  return {
    rows,
    put: async (id, sealed) => void rows.set(id, sealed),
    get: async (id) => rows.get(id) ?? null,
    remove: async (id) => void rows.delete(id),
  };
}

describe('installations', () => {
  const stored = async (...ids: string[]) => {
    const memory = inMemory();
    const store = createInstallationStore(memory, key, ['T1', 'T2'], api);
    for (const id of ids) await store.storeInstallation(installationOf(id));
    return { ...memory, store };
  };

  it('come back as they were', async () => {
    const { store } = await stored('T1');
    expect(await store.fetchInstallation(query('T1'))).toEqual(JSON.parse(JSON.stringify(installationOf('T1'))));
  });

  it('hold nothing that can be read without the key', async () => {
    const { rows } = await stored('T1');
    const sealed = Buffer.from(rows.get('T1') as Uint8Array);
    for (const word of ['xoxb', 'xoxe', 'T1', 'token', 'team']) expect(sealed.includes(word)).toBe(false);
  });

  it('are sealed differently each time', async () => {
    const { rows, store } = await stored('T1');
    const first = rows.get('T1');
    await store.storeInstallation(installationOf('T1'));
    expect(rows.get('T1')).not.toEqual(first);
  });

  it('don’t open with another key', async () => {
    const { rows } = await stored('T1');
    const other = createInstallationStore(
      { ...inMemory(), get: async (id) => rows.get(id) ?? null },
      randomBytes(32),
      ['T1'],
      api,
    );
    await expect(other.fetchInstallation(query('T1'))).rejects.toThrow();
  });

  it('don’t open in another’s place', async () => {
    const { rows, store } = await stored('T1', 'T2');
    rows.set('T1', rows.get('T2') as Uint8Array);
    await expect(store.fetchInstallation(query('T1'))).rejects.toThrow();
  });

  it.each([0, 5, 13, 20, 40])('don’t open with byte %i changed', async (at) => {
    const { rows, store } = await stored('T1');
    const sealed = new Uint8Array(rows.get('T1') as Uint8Array);
    sealed[at] = (sealed[at] as number) ^ 1;
    rows.set('T1', sealed);
    await expect(store.fetchInstallation(query('T1'))).rejects.toThrow();
  });

  it('don’t open when they were cut short', async () => {
    const { rows, store } = await stored('T1');
    for (const length of [0, 11, 12, 20, 28]) {
      rows.set('T1', (rows.get('T1') as Uint8Array).slice(0, length));
      await expect(store.fetchInstallation(query('T1'))).rejects.toThrow();
    }
  });

  it('are refused for a workspace that the settings don’t name, and nothing is kept', async () => {
    const { store, rows } = await stored();
    await expect(store.storeInstallation(installationOf('T3'))).rejects.toBeInstanceOf(ForeignWorkspace);
    await expect(store.storeInstallation({ ...installationOf('T1'), team: undefined } as never)).rejects.toBeInstanceOf(
      ForeignWorkspace,
    );
    expect(rows.size).toBe(0);
  });

  it('are none for a workspace that was taken off the list, or that has none', async () => {
    const { rows, store } = await stored('T1');
    const shut = createInstallationStore({ ...inMemory(), get: async (id) => rows.get(id) ?? null }, key, ['T2'], api);
    await expect(shut.fetchInstallation(query('T1'))).rejects.toBeInstanceOf(NotInstalled);
    await expect(store.fetchInstallation(query('T2'))).rejects.toBeInstanceOf(NotInstalled);
  });

  it('are forgotten', async () => {
    const { rows, store } = await stored('T1', 'T2');
    await store.deleteInstallation?.(query('T1'));
    expect([...rows.keys()]).toEqual(['T2']);
  });

  it('are not of a whole Enterprise organisation at once, and what Slack gave for one is given back', async () => {
    const memory = inMemory();
    const revoked: string[] = [];
    const store = createInstallationStore(memory, key, ['E1', 'T1'], {
      revoke: async (token) => revoked.push(token),
    });
    const whole = { ...installationOf('T1'), enterprise: { id: 'E1', name: 'E' }, isEnterpriseInstall: true };
    await expect(store.storeInstallation(whole as never)).rejects.toThrow(ForeignWorkspace);
    expect(memory.rows.size).toBe(0);
    expect(revoked).toHaveLength(1);
  });
});

describe('a secret from the same key', () => {
  it('is another for another purpose or key, and the same for the same', () => {
    expect(derivedSecret(key, 'a')).toBe(derivedSecret(key, 'a'));
    expect(derivedSecret(key, 'a')).not.toBe(derivedSecret(key, 'b'));
    expect(derivedSecret(key, 'a')).not.toBe(derivedSecret(randomBytes(32), 'a'));
    expect(derivedSecret(key, 'a')).toMatch(/^[0-9a-f]{64}$/);
  });
});
