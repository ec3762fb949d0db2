import { describe } from 'vitest';
import { assigningContract } from '../contracts/store-assigning.ts';
import { browsingContract } from '../contracts/store-browsing.ts';
import { cardCopiesContract } from '../contracts/store-card-copies.ts';
import { commitContract } from '../contracts/store-commit.ts';
import { credentialContract } from '../contracts/store-credentials.ts';
import { delegationsContract } from '../contracts/store-delegations.ts';
import { readsContract } from '../contracts/store-reads.ts';
import { recordContract } from '../contracts/store-record.ts';
import { settingsContract } from '../contracts/store-settings.ts';
import { takenContract } from '../contracts/store-taken.ts';
import { useStore } from '../contracts/store-under-test.ts';
import { workContract } from '../contracts/store-work.ts';
import { openEmbeddedDatabase } from '../support/served-database.ts';

describe('the store on the embedded database', () => {
  const store = useStore(openEmbeddedDatabase);
  describe('writing', () => commitContract(store));
  describe('reading', () => readsContract(store));
  describe('assigning', () => assigningContract(store));
  describe('browsing', () => browsingContract(store));
  describe('settings', () => settingsContract(store));
  describe('credentials', () => credentialContract(store));
  describe('delegations', () => delegationsContract(store));
  describe('the record', () => recordContract(store));
  describe('the work list', () => workContract(store));
  describe('cards', () => cardCopiesContract(store));
  describe('what a chat delivered', () => takenContract(store));
});
