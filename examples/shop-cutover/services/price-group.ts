/** The price group of a customer, by the hundreds of their number; customers since 2025 have numbers from 600 on. */
export function priceGroupOf(customer: number): string {
  return `group ${Math.floor(customer / 100) + 1}`;
}
