import { useId } from 'react';
import type { ReactNode } from 'react';

import styles from './field.module.css';

/** A file that is read in this browser. The native control, in the look of the others: it says itself which file was chosen, and every screen reader knows it. */
export function FileField({
  label,
  accept,
  help,
  onFile,
}: {
  label: string;
  /** Endings that the chooser offers: `.pem`. */
  accept?: string;
  help?: ReactNode;
  onFile: (file: File) => void;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={styles.file}
        type="file"
        {...(accept === undefined ? {} : { accept })}
        {...(help === undefined ? {} : { 'aria-describedby': `${id}-help` })}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) onFile(file);
        }}
      />
      {help === undefined ? null : (
        <span id={`${id}-help`} className={styles.help}>
          {help}
        </span>
      )}
    </div>
  );
}
