import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';

/** What every button of the kit takes: what a `<button>` does, in the words of React Aria. */
export interface PressProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style' | 'disabled'> {
  ref?: Ref<HTMLButtonElement>;
  onPress?: () => void;
  isDisabled?: boolean;
  /** At work: it keeps the focus, does nothing when pressed, and says so. */
  isPending?: boolean;
}

/**
 * A `<button>`. Not the one of React Aria, which would be a tenth of the first page for what browsers do by themselves;
 * what opens something (menu, tooltip) hands its own handlers in.
 */
export function NativeButton({
  onPress,
  onClick,
  isDisabled = false,
  isPending = false,
  type = 'button',
  children,
  className,
  ...rest
}: PressProps & { className: string; children: ReactNode }) {
  const press = (event: MouseEvent<HTMLButtonElement>): void => {
    if (isPending) return event.preventDefault();
    onClick?.(event);
    onPress?.();
  };
  return (
    <button
      {...rest}
      // oxlint-disable-next-line react/button-has-type -- `button` unless a form says otherwise
      type={type}
      className={className}
      disabled={isDisabled}
      aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined}
      data-pending={isPending || undefined}
      onClick={press}
    >
      {children}
    </button>
  );
}
