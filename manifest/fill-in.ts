/** Puts values where a template says `${NAME}`. @throws when a value is missing: a fault of ours. */
export function fillIn<T>(template: T, values: Readonly<Record<string, string>>): T {
  if (typeof template === 'string')
    return template.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the manifest asks for ${name}, which nobody fills in`);
      return value;
    }) as T;
  if (Array.isArray(template)) return template.map((item) => fillIn(item, values)) as T;
  if (template !== null && typeof template === 'object')
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillIn(value, values)])) as T;
  return template;
}

/** What a platform would take as it stands, and show to people: a place that was not filled in. */
export const leftOpen = (manifest: unknown): string[] =>
  (JSON.stringify(manifest).match(/\$\{[^}"]*\}?/g) ?? []).map((place) => `${place} was not filled in`);
