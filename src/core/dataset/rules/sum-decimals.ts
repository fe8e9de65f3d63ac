/** Returns the exact sum of canonical integers or decimals, without trailing zeros. */
export function createSum(): { add(text: string): void; read(): string } {
  let units = 0n;
  let scale = 0;
  return {
    add(text) {
      const [whole = '0', fraction = ''] = text.split('.');
      if (fraction.length > scale) {
        units *= 10n ** BigInt(fraction.length - scale);
        scale = fraction.length;
      }
      units += BigInt(whole + fraction.padEnd(scale, '0'));
    },
    read: () => {
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
      const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
      const whole = digits.slice(0, digits.length - scale);
      return `${units < 0n ? '-' : ''}${whole}${scale === 0 || fraction === '' ? '' : `.${fraction}`}`;
    },
  };
}
