/**
 * What it takes, boiled down: `true` holds already, `false` never can, a number is the action of that index, a group wants
 * `need` of its members. A form is monotone: no further action ever undoes one.
 */
export type Form = boolean | number | Group;

export interface Group {
  need: number;
  /** Never constants; at least two. */
  of: (number | Group)[];
}

/** The group of these members without what is settled: constants counted off, `all` in `all` and `any` in `any` opened, doubles dropped. */
export function toForm(need: number, members: readonly Form[]): Form {
  const open = members.filter((member): member is number | Group => typeof member !== 'boolean');
  const wanted = need - members.filter((member) => member === true).length;
  if (wanted <= 0) return true;
  if (wanted > open.length) return false;
  if (open.length === 1) return open[0]!;
  if (wanted === open.length) {
    const flat = withoutDoubles(open.flatMap((member) => (isAll(member) ? member.of : [member])));
    return flat.length === 1 ? flat[0]! : { need: flat.length, of: flat };
  }
  if (wanted === 1) {
    const flat = withoutDoubles(
      open.flatMap((member) => (isGroup(member) && member.need === 1 ? member.of : [member])),
    );
    return flat.length === 1 ? flat[0]! : { need: 1, of: flat };
  }
  return { need: wanted, of: open };
}

/** The form once these actions were taken (`true`) or ruled out (`false`). */
export function assign(form: Form, values: ReadonlyMap<number, boolean>): Form {
  if (typeof form === 'boolean') return form;
  if (typeof form === 'number') return values.get(form) ?? form;
  const members = form.of.map((member) => assign(member, values));
  return members.every((member, index) => member === form.of[index]) ? form : toForm(form.need, members);
}

/** The actions of a form with the number of their occurrences, in the order of their first one. */
export function countActions(form: Form, counts = new Map<number, number>()): Map<number, number> {
  if (typeof form === 'number') counts.set(form, (counts.get(form) ?? 0) + 1);
  else if (isGroup(form)) for (const member of form.of) countActions(member, counts);
  return counts;
}

export function isGroup(form: Form): form is Group {
  return typeof form === 'object';
}

export function isAll(form: Form): form is Group {
  return isGroup(form) && form.need === form.of.length;
}

function withoutDoubles(members: (number | Group)[]): (number | Group)[] {
  return [...new Set(members)];
}
