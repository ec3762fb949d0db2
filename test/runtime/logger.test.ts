import { describe, expect, it } from 'vitest';
import { errorFields } from '../../src/runtime/logger.ts';
import { newId } from '../../src/runtime/new-id.ts';
import { projectFile } from '../../src/runtime/project-file.ts';

describe('what is logged of an error', () => {
  it('is its name, code and place, and never its message', () => {
    const error = Object.assign(new TypeError('Gia Guest <gia@partner.example>\n  said: at home'), { code: 'EBAD' });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ fault: 'TypeError', code: 'EBAD' });
    expect(JSON.stringify(fields)).not.toMatch(/Gia|partner/);
    expect((fields.at as string[])[0]).toMatch(/^at .*logger\.test\.ts/);
  });

  it('is not a line of its message that looks like a place', () => {
    const fields = errorFields(new Error('first\n    at gia@partner.example (home)'));
    expect(JSON.stringify(fields)).not.toContain('partner.example');
  });

  it.each(['words', 7, null, undefined, { message: 'secret' }])('is only its type for %j', (thrown) => {
    expect(errorFields(thrown)).toEqual({ fault: typeof thrown });
  });
});

describe('a new id', () => {
  it('is a UUID of version 7, in the order of time', async () => {
    const first = newId();
    await new Promise((resolve) => setTimeout(resolve, 3));
    const second = newId();
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first < second).toBe(true);
  });

  it('is never the same', () => {
    expect(new Set(Array.from({ length: 2_000 }, newId)).size).toBe(2_000);
  });
});

describe('a file of the project', () => {
  it('is found from its root', () => {
    expect(projectFile('package.json')).toMatch(/\/package\.json$/);
  });
});
