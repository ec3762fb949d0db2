import { isMap, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import type { PolicyEntry } from '../../commands/policy.ts';
import { allSettingPaths, isPeople, itemsIn, listText } from '../../domain/setting-texts.ts';

/** What is wrong with a policy file, and where: lines count from 1. */
export interface FileFault {
  readonly line: number | null;
  readonly path: string;
  readonly problem: string;
}

export interface PolicyFile {
  readonly entries: readonly PolicyEntry[];
  /** Where an entry's setting stands, or the entry itself. */
  lineOf(index: number, path: string | null): number | null;
}

/** More than any organisation writes; a file that is larger is none of ours. */
const mostCharacters = 2_000_000;

const leaf = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())], {
  error: 'has to be a text, a number, on or off, or a list of texts',
});

/** Settings nest by the dots of their paths; nothing else may stand there. */
function nested(paths: readonly (readonly string[])[]): z.ZodType {
  const heads = [...new Set(paths.flatMap(([head]) => head ?? []))];
  const shape = heads.map((head) => {
    const below = paths.filter(([first, ...rest]) => first === head && rest.length > 0).map(([, ...rest]) => rest);
    return [head, below.length > 0 ? nested(below) : leaf] as const;
  });
  return z.strictObject(Object.fromEntries(shape.map(([head, schema]) => [head, schema.optional()])));
}

const paths = allSettingPaths.map((path) => path.split('.'));
const settingShape = nested(paths) as z.ZodObject;

const where = z
  .strictObject({
    ...settingShape.shape,
    role: z.string().optional(),
    scope: z.string().optional(),
    group: z.string().optional(),
    of: z.enum(['members', 'owners']).optional(),
    for: z.enum(['everyone', 'guests']).optional(),
  })
  .refine(({ role, scope, group }) => (group ? role === undefined && scope === undefined : role && scope), {
    error: 'has to name a role and a scope, or a group',
  });
const file = z.strictObject({ settings: z.array(where) });

const textOf = (value: unknown): string =>
  Array.isArray(value) ? listText(value as string[]) : value === true ? 'on' : value === false ? 'off' : String(value);

function textsIn(value: object, prefix: readonly string[] = []): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    const path = [...prefix, key];
    if (inner === undefined) return [];
    return typeof inner === 'object' && !Array.isArray(inner)
      ? textsIn(inner, path)
      : [[path.join('.'), textOf(inner)]];
  });
}

/** npm writes two lines of its own above what a script says. */
const withoutBanner = (text: string): string =>
  text.replace(/^(?:\s*\n)*(?:> .*\n)+/, (banner) => banner.replace(/^> /gm, '# '));

/** The entries of a policy file, or everything that is wrong with it. */
export function readPolicyFile(text: string): PolicyFile | { readonly faults: readonly FileFault[] } {
  if (text.length > mostCharacters)
    return { faults: [{ line: null, path: '', problem: `has more than ${mostCharacters} characters` }] };
  const lines = new LineCounter();
  const document = parseDocument(withoutBanner(text), {
    lineCounter: lines,
    uniqueKeys: true,
    maxAliasCount: 0,
  } as object);
  if (document.errors.length > 0)
    return {
      faults: document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        path: '',
        problem: message.split('\n')[0] ?? 'is no YAML',
      })),
    };
  const lineAt = (path: readonly PropertyKey[]): number | null => {
    // What is missing is told at what it is missing from.
    for (let end = path.length; end > 0; end -= 1) {
      const node = document.getIn(path.slice(0, end), true);
      if ((isScalar(node) || isMap(node)) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 });
  } catch {
    return { faults: [{ line: null, path: '', problem: 'has an alias (*…), which policy files do without' }] };
  }
  const parsed = file.safeParse(content ?? {});
  if (!parsed.success)
    return {
      faults: parsed.error.issues.map(({ path, message }) => ({
        line: lineAt(path),
        path: path.join('.'),
        problem: message,
      })),
    };
  const entries = parsed.data.settings.map(
    ({ role, scope, group, of, for: audience, ...settings }): PolicyEntry => ({
      role: group ? (of === 'owners' ? 'groupOwner' : 'groupMember') : ((role as string) ?? ''),
      scope: (scope as string | undefined) ?? '',
      group: (group as string | undefined) ?? '',
      audience: (audience as PolicyEntry['audience'] | undefined) ?? 'everyone',
      texts: Object.fromEntries(textsIn(settings)),
    }),
  );
  return { entries, lineOf: (index, path) => lineAt(['settings', index, ...(path?.split('.') ?? [])]) };
}

const isList = (path: string): boolean => isPeople(path) || path.endsWith('.extra');
const writtenAs = (path: string, text: string): unknown =>
  isList(path) ? itemsIn(text) : path.endsWith('.quorum') ? Number(text) : text;

function nest(texts: PolicyEntry['texts']): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const path of allSettingPaths) {
    const text = texts[path];
    if (text === undefined) continue;
    const keys = path.split('.');
    const last = keys.pop() as string;
    let at = root;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[last] = writtenAs(path, text);
  }
  return root;
}

const header = `# The settings of roles, where they differ from the defaults. Each entry is all of what is set at its place:
# what it does not name is at its default. docs/settings.md explains every setting.
`;

/** Entries as a policy file, which reads back as the same. */
export function writePolicyFile(entries: readonly PolicyEntry[]): string {
  const settings = entries.map(({ role, scope, group, audience, texts }) => ({
    ...(group ? { group, of: role === 'Group owner' ? 'owners' : 'members' } : { role, scope }),
    ...(audience === 'guests' ? { for: audience } : {}),
    ...nest(texts),
  }));
  return header + stringify({ settings }, { lineWidth: 0 });
}
