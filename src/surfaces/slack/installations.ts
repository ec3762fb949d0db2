import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';

/** Where sealed installations are kept, by enterprise or team. */
export interface SealedStore {
  put(id: string, sealed: Uint8Array): Promise<void>;
  get(id: string): Promise<Uint8Array | null>;
  remove(id: string): Promise<void>;
}

/** A workspace that the settings don't name: its administrators say who its people are, so it has to be one of ours. */
export class ForeignWorkspace extends Error {
  constructor() {
    super('the workspace is not one of those that the settings name');
    this.name = 'ForeignWorkspace';
  }
}

/** The app is not there (any more), or is there no longer by our settings. */
export class NotInstalled extends Error {
  constructor() {
    super('the app is not installed in this workspace');
    this.name = 'NotInstalled';
  }
}

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM, bound to whose it is: a row put in another's place does not open. */
function seal(key: Uint8Array, id: string, plain: string): Uint8Array {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(key: Uint8Array, id: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
}

const idOf = (query: InstallationQuery<boolean>): string => query.teamId ?? '';

/** A secret for another purpose, from the same key. */
export const derivedSecret = (key: Uint8Array, purpose: string): string =>
  createHmac('sha256', key).update(purpose).digest('hex');

/**
 * Installations with their tokens, sealed with a key that is not in the database; rotated tokens replace the old ones.
 * @throws {ForeignWorkspace} for a workspace that is not among `teamIds`.
 */
export function createInstallationStore(
  store: SealedStore,
  key: Uint8Array,
  teamIds: readonly string[],
  { revoke }: { readonly revoke: (token: string) => Promise<unknown> },
): InstallationStore {
  return {
    storeInstallation: async (installation) => {
      const id = installation.team?.id ?? '';
      // A whole Enterprise organisation at once is not taken either: its workspaces install one by one.
      if (installation.isEnterpriseInstall || !teamIds.includes(id)) {
        const { bot } = installation;
        if (bot) await revoke(bot.token).catch(() => undefined);
        throw new ForeignWorkspace();
      }
      await store.put(id, seal(key, id, JSON.stringify(installation)));
    },
    fetchInstallation: async (query) => {
      const id = idOf(query);
      // Taken off the list, a workspace is shut out though it was installed.
      const sealed = teamIds.includes(id) ? await store.get(id) : null;
      if (!sealed) throw new NotInstalled();
      return JSON.parse(open(key, id, sealed)) as Installation<'v2', boolean> as never;
    },
    deleteInstallation: async (query) => store.remove(idOf(query)),
  };
}
