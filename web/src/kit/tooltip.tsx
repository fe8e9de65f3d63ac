import type { DOMAttributes, ReactElement } from 'react';
import { Focusable } from 'react-aria-components/Focusable';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip';

import styles from './tooltip.module.css';

/** More words about a button, on hover and focus. Never the only place of something that a person needs: phones have no hover. */
export function Tooltip({
  text,
  children,
}: {
  text: string;
  children: ReactElement<DOMAttributes<HTMLButtonElement>, string>;
}) {
  return (
    <TooltipTrigger delay={400}>
      <Focusable>{children}</Focusable>
      <AriaTooltip className={styles.tooltip ?? ''} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
