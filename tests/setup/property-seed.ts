import * as fc from 'fast-check';

/**
 * Every property starts from one seed, so that a red run can be had again and a green one is no luck of the draw.
 * PROPERTY_SEED explores: a number, or `random` for another one each time; fast-check prints the seed of what it finds.
 */
const asked = process.env['PROPERTY_SEED'] ?? '20261121';

if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });
