import styles from './progress.module.css';

/** How far something is: `done` of `total`, as a bar and in figures. Without a total nothing is claimed. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <div className={styles.progress}>
      <progress className={styles.bar} aria-label={label} max={Math.max(total, 1)} value={Math.min(done, total)} />
      <span className={styles.figures}>
        {done} / {total}
      </span>
    </div>
  );
}
