import type { ApiCall, ApiTrouble, DeliveryKind, DeliveryTrouble, Json, Trouble } from './contract.ts';

/** The faults that were asked for, each until it has happened as often as it should. */
export function createTroubles() {
  const waiting: { readonly trouble: Trouble; left: number }[] = [];

  const take = <T extends Trouble>(fits: (trouble: Trouble) => trouble is T): T | null => {
    const found = waiting.find(({ trouble }) => fits(trouble));
    if (!found) return null;
    found.left -= 1;
    if (found.left <= 0) waiting.splice(waiting.indexOf(found), 1);
    return found.trouble as T;
  };

  return {
    add: (troubles: readonly Trouble[]) => {
      for (const trouble of troubles) waiting.push({ trouble, left: trouble.times ?? 1 });
    },
    clear: () => {
      waiting.length = 0;
    },
    forCall: (call: ApiCall): ApiTrouble | null =>
      take(
        (trouble): trouble is ApiTrouble =>
          'api' in trouble &&
          (typeof trouble.api === 'string' ? trouble.api === call.method : trouble.api.test(call.method)) &&
          (trouble.when?.(call) ?? true),
      ),
    forDelivery: (kind: DeliveryKind, payload: Json): DeliveryTrouble | null =>
      take(
        (trouble): trouble is DeliveryTrouble =>
          'delivery' in trouble &&
          (trouble.delivery === 'any' || trouble.delivery === kind) &&
          (trouble.when?.(payload) ?? true),
      ),
  };
}

export type Troubles = ReturnType<typeof createTroubles>;
