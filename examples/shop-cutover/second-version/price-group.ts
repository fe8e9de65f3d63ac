const groups = ['group 1', 'group 2', 'group 3', 'group 4', 'group 5', 'group 6'];

/** The price group of a customer, by the hundreds of their number. */
export function priceGroupOf(customer: number): string {
  const group = groups[Math.floor(customer / 100)];
  if (group === undefined) throw new Error(`customer ${customer}: expected one with a price group, got none`);
  return group;
}
