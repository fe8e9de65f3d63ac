import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea as AriaTextArea } from 'react-aria-components/TextArea';
import { TextField as AriaTextField } from 'react-aria-components/TextField';
import type { TextFieldProps as AriaTextFieldProps } from 'react-aria-components/TextField';

import styles from './field.module.css';

/** A field with its name, and where it needs them, a word of help and what is wrong with its text. */
export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  help?: ReactNode;
  /** What is wrong, in words; makes the field invalid. */
  error?: string | null | undefined;
  placeholder?: string;
}

/** A line of text. */
export function TextField({ placeholder, ...props }: TextFieldProps) {
  return (
    <Field {...props}>
      <Input className={styles.input ?? ''} {...(placeholder === undefined ? {} : { placeholder })} />
    </Field>
  );
}

/** Several lines of text. */
export function TextArea({ placeholder, rows = 4, ...props }: TextFieldProps & { rows?: number }) {
  return (
    <Field {...props}>
      <AriaTextArea className={styles.area ?? ''} rows={rows} {...(placeholder === undefined ? {} : { placeholder })} />
    </Field>
  );
}

function Field({
  label,
  help,
  error,
  children,
  ...rest
}: Omit<TextFieldProps, 'placeholder'> & { children: ReactNode }) {
  return (
    <AriaTextField {...rest} isInvalid={Boolean(error)} className={styles.field ?? ''}>
      <Label className={styles.label ?? ''}>{label}</Label>
      {children}
      {help === undefined ? null : (
        <Text slot="description" className={styles.help ?? ''}>
          {help}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </AriaTextField>
  );
}
