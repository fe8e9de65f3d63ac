import { z } from 'zod';

const msPerUnit: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const bytesPerUnit: Record<string, number> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** A duration as `500ms`, `5s`, `2m` or a number of milliseconds; the spec holds milliseconds. */
export function durationSchema(limits: { min: number; max: number; standard: number }) {
  return quantity(msPerUnit, { ...limits, example: 'a duration such as 500ms, 5s or 2m' });
}

/** A size as `64KiB`, `10MB` or a number of bytes; the spec holds bytes. */
export function sizeSchema(limits: { min: number; max: number; standard: number }) {
  return quantity(bytesPerUnit, { ...limits, example: 'a size such as 64KiB or 10MB' });
}

function quantity(
  units: Record<string, number>,
  limits: { min: number; max: number; standard: number; example: string },
) {
  const { min, max, standard, example } = limits;
  return z
    .union([z.number(), z.string()])
    .default(standard)
    .transform((written, context) => {
      const amount = typeof written === 'number' ? written : toAmount(written, units);
      if (amount !== null && Number.isInteger(amount) && amount >= min && amount <= max) return amount;
      context.addIssue({ code: 'custom', message: `${example}, from ${min} to ${max}` });
      return z.NEVER;
    });
}

function toAmount(written: string, units: Record<string, number>): number | null {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)?$/.exec(written.trim());
  const factor = match?.[2] === undefined ? 1 : units[match[2]];
  return match && factor !== undefined ? Math.round(Number(match[1]) * factor) : null;
}
