// A gate that fails by chance is no gate: the same examples each time, unless somebody goes looking for new ones.
import fc from 'fast-check';

const { PROPERTY_SEED: wish } = process.env;
// A failure names the seed that it came with.
if (wish !== 'random') fc.configureGlobal({ seed: Number(wish ?? 1) });
