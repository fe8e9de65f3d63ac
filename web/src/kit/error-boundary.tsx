import { Component } from 'react';
import type { ErrorInfo, ReactNode } from 'react';

import { ErrorState } from './error-state.tsx';

interface Props {
  /** What is broken, in the report that is shown. */
  name: string;
  children: ReactNode;
}

/** Shows what broke in the place where it broke, with a button to try it again. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error: error ?? new Error('unknown') };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    globalThis.dispatchEvent(new CustomEvent('tminus:broken', { detail: { name: this.props.name, error, info } }));
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ErrorState error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
