import { createRequire } from 'node:module';
import { createGenerator, type Schema } from 'ts-json-schema-generator';

const roots = ['KnownBlock', 'ModalView', 'HomeView'];

/** A JSON schema (draft 7) of what Slack's own types, `@slack/types`, allow in messages and views. Takes seconds. */
export function schemaOfSlackTypes(): Schema {
  const generator = createGenerator({
    path: createRequire(import.meta.url)
      .resolve('@slack/types')
      .replace(/\.js$/, '.d.ts'),
    skipTypeCheck: true,
    jsDoc: 'none',
    expose: 'all',
    sortProps: true,
  });
  const [first, ...rest] = roots.map((root) => generator.createSchema(root));
  const definitions = Object.assign({}, first?.definitions, ...rest.map((schema) => schema.definitions));
  return { $schema: 'http://json-schema.org/draft-07/schema#', definitions };
}
