import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { projectFile } from '../src/runtime/project-file.ts';
import { blankDatabase } from '../src/store/blank-database.ts';

interface Glue {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: {
    new: (
      options: object,
      log: (line: string) => void,
      adapter: object,
    ) => Promise<{ diff(params: object): Promise<{ exitCode: number; stdout: string | null }> }>;
  };
}

/** Prisma's own schema engine, as the WebAssembly that it ships in a package: nothing is downloaded. */
async function loadEngine(): Promise<Glue['SchemaEngine']> {
  const folder = projectFile('node_modules/@prisma/schema-engine-wasm');
  const glue = (await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href)) as Glue;
  const bytes = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue as never });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue.SchemaEngine;
}

let loaded: Promise<Glue['SchemaEngine']> | undefined;
/** Once a process: its glue is a module, and belongs to one instance. */
const engineOnce = () => {
  loaded ??= loadEngine();
  return loaded;
};

/** What the engine asks of a shadow database: scripts to run, and its catalogue to read. */
function shadowAdapter(db: PGlite) {
  const queryRaw = async ({ sql, args }: { sql: string; args: unknown[] }) => {
    const { rows, fields } = await db.query<unknown[]>(sql, args as never[], {
      rowMode: 'array',
      parsers: textParsers,
    });
    return {
      columnNames: fields.map((field) => field.name),
      columnTypes: fields.map((field) => columnType(field.dataTypeID)),
      rows,
    };
  };
  const fail = () => {
    throw new Error('the schema engine needs no transaction');
  };
  return {
    provider: 'postgres' as const,
    adapterName: 'schema-diff',
    queryRaw,
    executeRaw: async (query: { sql: string; args: unknown[] }) =>
      (await db.query(query.sql, query.args as never[])).affectedRows ?? 0,
    executeScript: async (script: string) => {
      await db.exec(script);
    },
    startTransaction: fail as never,
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    dispose: () => db.close(),
  };
}

/** The codes of Prisma's driver adapters for the types that a catalogue query gives. */
const columnType = (oid: number): number =>
  ({ 16: 5, 20: 1, 21: 0, 23: 0, 26: 1, 1003: 71, 1009: 71, 1005: 64, 1002: 71, 18: 6 })[oid] ?? 7;
const asArray = (value: string) =>
  value
    .slice(1, -1)
    .split(',')
    .filter((item) => item !== '')
    .map((item) => item.replace(/^"|"$/g, ''));
const textParsers = { 20: (value: string) => value, 1003: asArray, 1002: asArray };

const blankShadow = async () => shadowAdapter(await PGlite.create('memory://', await blankDatabase()));

export interface SchemaDifference {
  /** True when the migrations bring about exactly the schema. */
  readonly agree: boolean;
  /** The SQL that is missing. */
  readonly sql: string;
}

/** Compares what the migrations make with what `prisma/schema.prisma` says. */
export async function schemaDifference(prismaFolder: string): Promise<SchemaDifference> {
  const migrations = join(prismaFolder, 'migrations');
  const schemaPath = join(prismaFolder, 'schema.prisma');
  const schema = readFileSync(schemaPath, 'utf8');
  const lock = join(migrations, 'migration_lock.toml');
  const directories = (existsSync(migrations) ? readdirSync(migrations, { withFileTypes: true }) : [])
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: 'schema-diff',
    connect: blankShadow,
    connectToShadowDb: blankShadow,
  } as never);
  const engine = await (await engineOnce()).new({ datamodels: [[schemaPath, schema]] }, () => undefined, factory);
  const { exitCode, stdout } = await engine.diff({
    from: {
      tag: 'migrations',
      baseDir: migrations,
      lockfile: {
        path: 'migration_lock.toml',
        content: existsSync(lock) ? readFileSync(lock, 'utf8') : 'provider = "postgresql"\n',
      },
      shadowDbInitScript: '',
      migrationDirectories: directories.map((path) => ({
        path,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(migrations, path, 'migration.sql'), 'utf8') },
        },
      })),
    },
    to: { tag: 'schemaDatamodel', files: [{ path: schemaPath, content: schema }] },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return { agree: exitCode === 0, sql: stdout ?? '' };
}
