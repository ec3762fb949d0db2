import { describe } from 'vitest';
import { cardCopiesContract } from '../contracts/store-card-copies.ts';
import { commitContract } from '../contracts/store-commit.ts';
import { readsContract } from '../contracts/store-reads.ts';
import { useStore } from '../contracts/store-under-test.ts';
import { workContract } from '../contracts/store-work.ts';
import { openEmbeddedDatabase } from '../support/served-database.ts';

describe('the store on the embedded database', () => {
  const store = useStore(openEmbeddedDatabase);
  describe('writing', () => commitContract(store));
  describe('reading', () => readsContract(store));
  describe('the work list', () => workContract(store));
  describe('cards', () => cardCopiesContract(store));
});
