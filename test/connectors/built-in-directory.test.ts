import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltInDirectory } from '../../src/connectors/built-in-directory.ts';
import type { Wish } from '../../src/connectors/connector.ts';
import type { AssignmentId } from '../../src/domain/ids.ts';
import { ids, minutesIn, noon, uuid } from '../support/build.ts';
import { openEmbeddedDatabase, type TestDatabase } from '../support/served-database.ts';

let test: TestDatabase;
let last = 0;

beforeAll(async () => {
  test = await openEmbeddedDatabase();
});
afterAll(() => test?.dispose());

const directory = () => createBuiltInDirectory(test.database.prisma, () => noon);
const newId = () => {
  last += 1;
  return uuid(last) as AssignmentId;
};
const wish = (assignmentId: AssignmentId, want: Wish['want']): Wish => ({
  assignmentId,
  principalId: ids.guest,
  objectId: null,
  roleId: ids.role,
  scopeId: ids.expenses,
  want,
});
const read = async (id: AssignmentId) => (await directory().read([id]))[0];

describe('a grant of the built-in directory', () => {
  it('keeps the end that it has, however often it is granted', async () => {
    const id = newId();
    await directory().apply([wish(id, { state: 'granted', endsAt: minutesIn(10) })]);
    await directory().apply([wish(id, { state: 'granted', endsAt: minutesIn(90) })]);
    expect(await read(id)).toEqual({ endsAt: minutesIn(10) });
  });

  it.each([
    ['later', minutesIn(90)],
    ['sooner', minutesIn(5)],
    ['without end', null],
  ])('is moved to end %s, once and for all, however often that is asked', async (_which, endsAt) => {
    const id = newId();
    await directory().apply([wish(id, { state: 'granted', endsAt: minutesIn(10) })]);
    for (const _twice of [1, 2]) await directory().apply([wish(id, { state: 'moved', endsAt })]);
    expect(await read(id)).toEqual({ endsAt });
  });

  it('is there after being moved, also where it was lost', async () => {
    const id = newId();
    await directory().apply([wish(id, { state: 'moved', endsAt: minutesIn(90) })]);
    expect(await read(id)).toEqual({ endsAt: minutesIn(90) });
  });

  it('is taken from one assignment alone: another’s to the same role stays as it is', async () => {
    const [one, other] = [newId(), newId()];
    await directory().apply([one, other].map((id) => wish(id, { state: 'granted', endsAt: minutesIn(10) })));
    await directory().apply([wish(one, { state: 'gone' }), wish(other, { state: 'moved', endsAt: minutesIn(20) })]);
    expect(await directory().read([one, other])).toEqual([null, { endsAt: minutesIn(20) }]);
  });
});
